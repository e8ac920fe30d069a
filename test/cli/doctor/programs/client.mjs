// Holds one connection open: `client.mjs HOST PORT`.
import { connect } from 'node:net';
const [host, port] = process.argv.slice(2);
connect({ host, port: Number(port) }, () => console.log('connected'));
