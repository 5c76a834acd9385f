Console.Error.WriteLine("usage: bench --list | [--rows A,B] [--json FILE] [--peer torchsharp]");
return 2;
