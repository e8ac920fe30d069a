// Exits the moment it has its answer.
const http = require('node:http');

const [, , url, way, model] = process.argv;
const options = { method: 'POST', headers: { 'content-type': 'application/json' } };
const body = JSON.stringify({ model, messages: [] });
const leave = () => process.exit(0);

if (way === 'fetch')
  fetch(url, { ...options, body })
    .then((response) => response.text())
    .then(leave);
else http.request(url, options, (response) => response.resume().on('end', leave)).end(body);
