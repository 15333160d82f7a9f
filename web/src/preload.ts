/** What a part needs, asked for together with it. The build puts this around every `import()`. */

const coming = new Map<string, Promise<void>>()

/** Safari knows no other word before its version 17. */
const { relList } = document.createElement('link')
const AHEAD = relList.supports('modulepreload') ? 'modulepreload' : 'preload'

/** Once its styles are there; whoever could not have them may ask again. */
export async function __vitePreload<T>(part: () => Promise<T>, files: readonly string[] = []): Promise<T> {
  await Promise.all(files.map((file) => bring(`/${file}`)))
  return part()
}

async function bring(path: string): Promise<void> {
  if (!coming.has(path) && document.querySelector(`link[href="${path}"]`) === null)
    coming.set(path, ask(path))
  await coming.get(path)
}

function ask(path: string): Promise<void> {
  const link = document.createElement('link')
  const styles = path.endsWith('.css')
  link.rel = styles ? 'stylesheet' : AHEAD
  link.as = styles ? '' : 'script'
  link.crossOrigin = ''
  link.href = path
  document.head.append(link)
  // Scripts are asked for again by whoever imports them.
  if (!styles) return Promise.resolve()
  return new Promise((resolve, reject) => {
    link.onload = () => resolve()
    link.onerror = () => {
      coming.delete(path)
      link.remove()
      reject(new Error(path))
    }
  })
}
