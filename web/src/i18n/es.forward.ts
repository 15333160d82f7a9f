import { plural } from './plural.ts'

const forms = plural('es')

/** Sending to other conversations what was written in one. */
export const forward = {
  open: 'Reenviar',
  keep: 'Guardar',
  kept: 'En tus mensajes guardados.',
  keptSoon: 'Se guardará en tus mensajes guardados cuando haya conexión.',
  title: (n: number) => forms(n, { one: 'Reenviar el mensaje', other: `Reenviar ${n} mensajes` }),
  where: 'Conversaciones',
  submit: (n: number) => (n < 2 ? 'Reenviar' : `Reenviar a ${n}`),
  sent: (title: string) => `Reenviado a ${title}.`,
  sentTo: (n: number) => forms(n, { one: 'Reenviado.', other: `Reenviado a ${n} conversaciones.` }),
  soon: (title: string) => `Se reenviará a ${title} cuando haya conexión.`,
  soonTo: (n: number) =>
    forms(n, {
      one: 'Se reenviará cuando haya conexión.',
      other: `Se reenviará a ${n} conversaciones cuando haya conexión.`,
    }),
  savedHint: 'Notas y mensajes para ti, en todos tus dispositivos.',
  select: 'Seleccionar',
  selection: 'Selección',
  selected: (n: number) => forms(n, { one: '1 mensaje seleccionado', other: `${n} mensajes seleccionados` }),
}
