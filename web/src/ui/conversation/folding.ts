const CHARACTERS = 2400
const LINES = 28

/**
 * What is drawn of a message until somebody asks for the rest; the whole of a message of usual length.
 * The rest is not even parsed: 16 KiB of marks must not hold up the page of who receives them.
 */
export function headOf(text: string): string {
  let end = Math.min(text.length, CHARACTERS)
  let at = -1
  for (let line = 0; line < LINES; line += 1) {
    at = text.indexOf('\n', at + 1)
    if (at === -1 || at >= end) return whole(text, end)
  }
  end = at
  return whole(text, end)
}

/** Never half of a pair: that would be no character. */
function whole(text: string, end: number): string {
  const last = text.charCodeAt(end - 1)
  const high = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, high && end < text.length ? end - 1 : end)
}
