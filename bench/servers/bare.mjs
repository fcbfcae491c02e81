// The limit: node:http with a fixed JSON answer and nothing else.
import { createServer } from 'node:http'

const body = JSON.stringify({ success: true, user: { id: 1, username: 'anna' } })
createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
  response.end(body)
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))
