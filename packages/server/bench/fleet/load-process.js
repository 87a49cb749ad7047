/** Requests as fast as they are answered, over kept-alive connections, until it is told to stop. */
// @ts-check
import net from 'node:net'
import { order } from './order.js'

const { url, path, headers, tokens, connections } = order
const { hostname, port, host } = new URL(url)
const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
/** @type {string[]} */
const requests = tokens.map(
  (/** @type {string} */ token) =>
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n${lines.join('')}\r\n`,
)
let sent = 0
const next = () => requests[(sent += 1) % requests.length] ?? ''
let answered = 0

for (let index = 0; index < connections; index += 1) {
  const socket = net.connect(Number(port), hostname)
  socket.setNoDelay(true).setEncoding('latin1')
  socket.on('data', text => {
    if (!String(text).startsWith('HTTP/1.1 200')) throw new Error(String(text).slice(0, 200))
    answered += 1
    socket.write(next())
  })
  socket.write(next())
}
process.on('message', message => {
  if (message === 'stop') process.exit(0)
  process.send?.({ id: /** @type {any} */ (message).id, answer: { answered, at: performance.now() } })
})
process.send?.({ ready: true })
