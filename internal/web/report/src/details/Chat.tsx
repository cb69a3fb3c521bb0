import { useMemo } from 'react';

import { useLocale } from '../locale';
import type { Content } from './documents';

type Message = Extract<Content, { __typename: 'ChatInfo' }>['messages'][number];

/** A chat as bubbles: the agent's at the right, everybody else's at the left. */
export function Chat({
  messages,
  agent,
  timeZone,
}: {
  messages: readonly Message[];
  /** The agent's name as the platform shows it. */
  agent?: string;
  timeZone: string;
}) {
  const { words, format } = useLocale();
  // The Canadian way of writing a date is the one of calendar days: 2024-03-04.
  const days = useMemo(
    () => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
    [timeZone],
  );
  const dayOf = (message: Message) => days.format(new Date(message.at));
  if (messages.length === 0) return <p className="details-quiet">{words.details.noMessages}</p>;
  return (
    <ol className="chat">
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const newDay = !before || dayOf(before) !== dayOf(message);
        const goesOn = before !== undefined && before.author === message.author && !newDay;
        return (
          <li key={index} className={message.author === agent ? 'chat-line chat-line-own' : 'chat-line'}>
            {newDay && <p className="chat-day">{format.day(dayOf(message))}</p>}
            {!goesOn && <bdi className="chat-author">{message.author}</bdi>}
            <div className="chat-bubble">
              {goesOn && <span className="unseen">{message.author}: </span>}
              <p dir="auto">{message.text}</p>
              <time dateTime={message.at}>{format.time(message.at, timeZone)}</time>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
