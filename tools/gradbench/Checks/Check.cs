using System.Diagnostics;

namespace Adjoint.GradBench.Checks;

/// <summary>Asks every function of every module over the protocol, on small inputs, and compares the answers.</summary>
public static class Check
{
    /// <summary>Prints a line for each comparison; returns the exit code, 1 if one is wrong.</summary>
    public static int Run()
    {
        var started = Stopwatch.GetTimestamp();
        var answers = new Answers();
        foreach (var checks in (Action<Answers>[])[ProtocolChecks.Run, FormulaChecks.Run, NestedChecks.Run, AdBenchChecks.Run])
        {
            checks(answers);
            Console.WriteLine($"      {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s so far");
        }

        answers.AllFunctionsWereAsked();
        Console.WriteLine($"{answers.Passed} checks passed, {answers.Failed} failed, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        return answers.Failed == 0 ? 0 : 1;
    }
}
