import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { createCertificate } from '../delivery/certificate.ts'

/** Puts TLS in front of a plain port; answers its address and the file with the certificate to trust. */
export const secure = async (plain: URL, folder: string) => {
  const { key, cert } = await createCertificate()
  const certificate = join(folder, 'certificate.pem')
  await writeFile(certificate, cert)
  const server = createServer({ key, cert }, (socket) => {
    const inner = connect(Number(plain.port), plain.hostname)
    for (const end of [socket, inner])
      end.on('error', () => {
        socket.destroy()
        inner.destroy()
      })
    socket.pipe(inner).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificate,
    stop: () => void server.close(),
  }
}
