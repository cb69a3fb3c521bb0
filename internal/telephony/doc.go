// Package telephony makes contacts of the rows that a telephone system writes: Asterisk with FreePBX, FreeSWITCH with
// FusionPBX, Amazon Connect. A reader turns a source into raw rows, a Mapper turns the raw rows of one call into contacts.
//
// What must hold:
//
//   - A row that was read before is known by its key, so an overlap, a second file or a second start changes nothing.
//   - A batch is one transaction: its new rows, how far the source was read, and all contacts of every call that
//     the rows touch. A process that is killed loses and doubles nothing.
//   - A call is built whole from all its rows whenever one comes. What a call's rows once meant and no longer mean is
//     taken back. So the contacts depend on the rows alone, not on their order, nor on how they were cut into batches.
//   - A revision is the latest second of a call and the number of its rows, so it only grows.
//   - Every call ends as contacts or under one of the reasons, and each run's figures add up.
//   - Raw rows are personal data: no error, log line or metric shows one, nor a number or a name out of one.
package telephony
