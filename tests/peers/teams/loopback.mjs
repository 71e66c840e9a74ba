// Preloaded into a program that would listen on all interfaces: whatever it asks for, it gets 127.0.0.1.
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function (...asked) {
  const ready = asked.find((each) => typeof each === "function");
  const port = typeof asked[0] === "object" ? asked[0]?.port : asked[0];
  return port === undefined ? listen.apply(this, asked) : listen.call(this, { port: Number(port), host: "127.0.0.1" }, ready);
};
