using Adjoint.Bench;

return Session.Run(args, peer: null);
