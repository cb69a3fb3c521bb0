// Package xlsx writes workbooks of any length in constant memory: a table that goes on from sheet to sheet, and a last
// sheet that says what it is.
//
// The rows go straight into the compressed package as they are written: nothing is kept, and nothing lies in a
// temporary file. They are compressed by what is known of them: where their tags stood before. Around them excelize
// makes the rest of the package (styles, relations, names, properties), so the hard part of the format is not ours. A
// workbook is whole only after Close returned nil.
//
// What must hold: text is text and never a formula; a cell shows what it was given, except for characters that XML
// cannot carry, which become U+FFFD, and text longer than Excel's limit, which is cut with a visible mark and counted;
// nothing else is changed or left out.
package xlsx
