/* Test results in the form meson reads (TAP). */
let count = 0;
let failures = 0;

/** Runs one check; it fails if it throws. */
export async function check(name, run) {
  count++;
  try {
    await run();
    console.log(`ok ${count} - ${name}`);
  } catch (e) {
    failures++;
    console.log(`not ok ${count} - ${name}`);
    console.log(
      String(e.message ?? e)
        .split("\n")
        .slice(0, 12)
        .map((l) => `# ${l.slice(0, 300)}`)
        .join("\n"),
    );
  }
}

/** Ends the program; a browser that a failed check has left open does not hold it. */
export function plan() {
  console.log(`1..${count}`);
  process.exit(failures ? 1 : 0);
}
