/** A text message, at the side of whoever sent it. */
export function Sms({ text, sent }: { text: string; sent: boolean }) {
  return (
    <div className={sent ? 'chat-line chat-line-own' : 'chat-line'}>
      <div className="chat-bubble">
        <p dir="auto">{text}</p>
      </div>
    </div>
  );
}
