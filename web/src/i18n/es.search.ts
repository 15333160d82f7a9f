import { plural } from './plural.ts'

const forms = plural('es')

export const search = {
  title: 'Buscar en los mensajes',
  label: 'Palabras o «frase»',
  filters: 'Filtros',
  here: 'En esta conversación',
  mine: 'Escritos por mí',
  links: 'Con enlaces',
  files: 'Con archivos',
  from: 'Desde el',
  to: 'Hasta el',
  recent: 'Búsquedas recientes',
  forget: 'Borrarlas',
  limit: (most: number) => `Se busca con ${most} caracteres como máximo.`,
  help: 'También puedes escribir de:ana, en:redes, tiene:enlace, antes:2026-03-09 o después:2025, y poner entre comillas lo que va junto.',
  none: 'Ningún mensaje coincide.',
  hits: (n: number) => forms(n, { one: '1 mensaje', other: `${n} mensajes` }),
  some: (n: number) =>
    forms(n, { one: '1 mensaje, y puede haber más', other: `${n} mensajes, y puede haber más` }),
  stored: 'De lo guardado en este dispositivo; buscando en el resto…',
  onlyStored: 'Solo se buscó en lo guardado en este dispositivo.',
  more: 'Mostrar más',
}
