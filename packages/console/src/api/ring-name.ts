/** isPart, paramsOf: the name of a ring and its two parts. */

const part = /^[\w.-]{1,64}$/

export const isPart = (text: string): boolean => part.test(text)

/** Of the ring's own screens. */
export function paramsOf(ring: string): { readonly application: string; readonly environment: string } {
  const [application = '', environment = ''] = ring.split('/')
  return { application, environment }
}
