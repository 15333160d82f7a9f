/** Whether a host is the machine that asks: an address with it leads nobody else anywhere. */
export function isHere(host: string): boolean {
  return host === '[::1]' || /^(?:127(?:\.\d{1,3}){3}|(?:.+\.)?localhost)$/u.test(host)
}
