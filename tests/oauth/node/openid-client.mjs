// openid-client: registers a client, then uses every supported feature. Prints the results as JSON.
import * as oauth from 'openid-client'
import { CALLBACK, SCOPE, approve } from './customer.mjs'

const base = process.argv[2]
const options = { algorithm: 'oauth2', execute: [oauth.allowInsecureRequests] }
const metadata = { client_name: 'openid-client', redirect_uris: [CALLBACK], client_uri: 'https://app.example/' }
const config = await oauth.dynamicClientRegistration(new URL(base), metadata, undefined, options)

const verifier = oauth.randomPKCECodeVerifier()
const state = oauth.randomState()
const address = await oauth.buildAuthorizationUrlWithPAR(config, {
  redirect_uri: CALLBACK,
  scope: SCOPE,
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256'
})
const answer = await approve(base, address)
const tokens = await oauth.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier, expectedState: state })
const data = await oauth.fetchProtectedResource(
  config, tokens.access_token, new URL(`${base}/api/v2/authorizations`), 'GET')
const refreshed = await oauth.refreshTokenGrant(config, tokens.refresh_token)
const worth = await oauth.tokenIntrospection(config, refreshed.access_token)
await oauth.tokenRevocation(config, refreshed.refresh_token)
const after = await oauth.tokenIntrospection(config, refreshed.access_token)
const own = await oauth.clientCredentialsGrant(config, { scope: 'FB=36_40' })

// Discovery of the same server, for an existing client.
const { client_id: id, client_secret: secret } = config.clientMetadata()
const found = await oauth.discovery(new URL(base), id, secret, oauth.ClientSecretBasic(secret), options)
const again = await oauth.clientCredentialsGrant(found, {})

// A client with keys instead of a secret.
const { privateKey, publicKey } = await crypto.subtle.generateKey(
  { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
const jwks = { keys: [{ ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'key' }] }
const signer = await oauth.dynamicClientRegistration(new URL(base), {
  ...metadata, token_endpoint_auth_method: 'private_key_jwt', jwks
}, oauth.PrivateKeyJwt({ key: privateKey, kid: 'key' }), options)
const signed = await oauth.clientCredentialsGrant(signer, {})

process.stdout.write(JSON.stringify({
  pushed: address.searchParams.has('request_uri'),
  issuer: answer.searchParams.get('iss'),
  data: data.status,
  rotated: refreshed.refresh_token !== tokens.refresh_token,
  active: worth.active,
  revoked: !after.active,
  registration: own.resourceURI.endsWith(`/ApplicationInformation/${id}`),
  basic: Boolean(again.access_token),
  signed: Boolean(signed.access_token)
}))
