Console.Error.WriteLine("usage: Adjoint.Conformance ops|print|promotion|random FILE");
return 2;
