/** Requests as fast as they are answered, over kept-alive connections, until it is told to stop. */
// @ts-check
import net from 'node:net'

const { url, path, headers, connections } = JSON.parse(process.argv[2] ?? '{}')
const { hostname, port, host } = new URL(url)
const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}\r\n`
let answered = 0

for (let index = 0; index < connections; index += 1) {
  const socket = net.connect(Number(port), hostname)
  socket.setNoDelay(true).setEncoding('latin1')
  socket.on('data', text => {
    if (!String(text).startsWith('HTTP/1.1 200')) throw new Error(String(text).slice(0, 200))
    answered += 1
    socket.write(request)
  })
  socket.write(request)
}
process.on('message', message => {
  if (message === 'stop') process.exit(0)
  process.send?.({ id: /** @type {any} */ (message).id, answer: { answered, at: performance.now() } })
})
process.send?.({ ready: true })
