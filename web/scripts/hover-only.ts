/** Rules of `:hover` for pointers that hover: what a finger touched last would keep them until the next touch. */
import { AtRule, type Plugin, type Rule } from 'postcss'

const CONDITION = '(hover: hover)'

/** Puts the selectors with `:hover` of each rule under `@media (hover: hover)`, where the rule stood. */
export function hoverOnly(): Plugin {
  return {
    postcssPlugin: 'hover-only',
    Rule(rule) {
      const hovered = rule.selectors.filter((selector) => selector.includes(':hover'))
      if (hovered.length === 0 || asked(rule)) return
      const rest = rule.selectors.filter((selector) => !hovered.includes(selector))
      const own = rule.cloneAfter({ selectors: hovered })
      const media = new AtRule({ name: 'media', params: CONDITION })
      own.replaceWith(media)
      media.append(own)
      if (rest.length === 0) rule.remove()
      else rule.selectors = rest
    },
  }
}

function asked(rule: Rule): boolean {
  const { parent } = rule
  return parent?.type === 'atrule' && 'params' in parent && parent.params.includes('hover:')
}
