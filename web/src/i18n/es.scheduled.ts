import { ended } from './ended.ts'
import { plural } from './plural.ts'

const forms = plural('es')

/** Messages that wait for their time. */
export const scheduled = {
  title: 'Programar el envío',
  when: 'Cuándo',
  preset: { hour: 'En una hora', evening: 'Esta tarde', morning: 'Mañana', monday: 'El lunes' },
  date: 'Fecha',
  time: 'Hora',
  zone: (zone: string) => `hora\u00a0de\u00a0${zone}`,
  past: 'Elige una hora que no haya pasado.',
  late: 'Elige una fecha de aquí a un año.',
  submit: 'Programar',
  done: (when: string) => `Se enviará el ${ended(when)}`,
  soon: (when: string) => `Se programará para el ${ended(when)}`,
  filesFirst: 'Los archivos se suben primero: hasta entonces, deja abierta la aplicación.',
  list: 'Mensajes programados',
  none: 'No hay mensajes programados.',
  all: 'Ver todos los programados',
  gone: 'Una conversación en la que ya no estás',
  left: 'Ya no estás en esa conversación.',
  failed: 'No se envió.',
  failedNews: 'No se pudo enviar un mensaje programado.',
  failedLine: (n: number) =>
    forms(n, { one: '1 mensaje programado no se envió', other: `${n} mensajes programados no se enviaron` }),
  text: 'Mensaje',
  change: 'Cambiar',
  now: 'Enviar ahora',
  cancel: 'Eliminar',
  cancelTitle: '¿Eliminar este mensaje programado?',
  cancelText: 'No se envía nunca. No se puede deshacer.',
}
