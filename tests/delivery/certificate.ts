import { generate } from 'selfsigned'

/** A certificate for the loopback addresses, made anew in each run; the browser is told not to ask who signed it. */
export const createCertificate = async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
  })
  return { key, cert }
}
