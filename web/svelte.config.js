const CLASS_LENGTH = 4
/** @type {Map<string, string>} */
const scopes = new Map()

/**
 * The class that keeps a component's styles to itself, short since every element of it carries it.
 *
 * @param {{ hash: (text: string) => string, filename: string }} component
 */
function cssHash({ hash, filename }) {
  const scope = `s${hash(filename).slice(0, CLASS_LENGTH)}`
  if ((scopes.get(scope) ?? filename) !== filename)
    throw new Error(`${filename} and ${scopes.get(scope)} have one class`)
  scopes.set(scope, filename)
  return scope
}

/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
export default {
  compilerOptions: { runes: true, cssHash },
}
