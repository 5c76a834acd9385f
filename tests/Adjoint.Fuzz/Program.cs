using Adjoint.Fuzz.Running;

namespace Adjoint.Fuzz;

/// <summary>
/// Calls every public member of Adjoint and Adjoint.NN with random arguments. Prints a line for each distinct finding and the counts last.
/// Exit code 0 if there was none, 1 if there was one, 2 if the arguments are no good.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (Options.Parse(args) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        return options.Log is null ? new Supervisor(options).Run() : new Worker(options).Run();
    }
}
