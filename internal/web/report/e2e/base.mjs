/** The address of the server that a script was called with. */
export const base = baseOf(process.argv.slice(2));

function baseOf(words) {
  if (words.length !== 1) {
    console.error('usage: node e2e/run.mjs BASE_URL');
    process.exit(2);
  }
  return new URL(words[0]);
}
