// oauth4webapi, step by step; the library validates each response. Prints the results as JSON.
import * as oauth from 'oauth4webapi'
import { CALLBACK, SCOPE, approve } from './customer.mjs'

const base = process.argv[2]
const options = { [oauth.allowInsecureRequests]: true }
const issuer = new URL(base)
const server = await oauth.processDiscoveryResponse(
  issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options }))

const client = await oauth.processDynamicClientRegistrationResponse(
  await oauth.dynamicClientRegistrationRequest(
    server, { client_name: 'oauth4webapi', redirect_uris: [CALLBACK], client_uri: 'https://app.example/' }, options))
const proof = oauth.ClientSecretBasic(client.client_secret)

const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const pushed = await oauth.processPushedAuthorizationResponse(
  server, client, await oauth.pushedAuthorizationRequest(server, client, proof, {
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: SCOPE,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256'
  }, options))
const address = new URL(server.authorization_endpoint)
address.search = new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri })
const answer = oauth.validateAuthResponse(server, client, await approve(base, address), state)

const tokens = await oauth.processAuthorizationCodeResponse(
  server, client, await oauth.authorizationCodeGrantRequest(server, client, proof, answer, CALLBACK, verifier, options))
const refreshed = await oauth.processRefreshTokenResponse(
  server, client, await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token, options))

// Validates a JWT as a resource server does (RFC 9068).
const claims = tokens.access_token.includes('.') ? await oauth.validateJwtAccessToken(
  server,
  new Request(base, { headers: { Authorization: `Bearer ${refreshed.access_token}` } }),
  `${base}/DataCustodian/espi/1_1/resource`,
  options) : null

const introspect = async token => oauth.processIntrospectionResponse(
  server, client, await oauth.introspectionRequest(server, client, proof, token, options))
const worth = await introspect(refreshed.access_token)
await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, proof, refreshed.refresh_token, options))
const after = await introspect(refreshed.access_token)

process.stdout.write(JSON.stringify({
  issuer: answer.get('iss'),
  rotated: refreshed.refresh_token !== tokens.refresh_token,
  jwt: claims && claims.client_id === client.client_id && claims.sub === worth.sub,
  active: worth.active,
  revoked: !after.active
}))
