using Spectre.Console;

AnsiConsole.WriteLine("Adjoint, a tour");
return 0;
