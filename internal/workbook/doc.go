// Package workbook says what a file of the report holds: its columns, its lines, its words in both languages, and the last
// sheet that tells what the file is. Package export makes, keeps and gives out such files.
//
// What must hold:
//
//   - A workbook shows what the screen shows its viewer: filter, order and access are those of package contact, read in one
//     snapshot, and the number of contacts written is the number counted in it.
//   - A simple workbook has one line for every contact. A detailed one has a line for every IVR step of a campaign's inbound
//     call and one for every other contact; a contact's lines stand on one sheet.
//   - The table of columns is the only place that knows a column: its headers, its width, what is read for it, its cell.
//   - Every word has a label in Polish, letter for letter as users know it, and one in English.
//   - A thing keeps the name under which it was first read, so that a workbook agrees with itself whatever is renamed.
//   - Contacts are read ahead of the writing in batches, and only so many batches are in memory.
package workbook
