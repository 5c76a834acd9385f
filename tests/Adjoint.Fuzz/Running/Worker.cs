using Adjoint.Fuzz.Calls;

namespace Adjoint.Fuzz.Running;

/// <summary>The process that calls. It writes down which call it is at, because it may not survive it.</summary>
internal sealed class Worker(Options options)
{
    public int Run()
    {
        MemoryLimit.Set();
        var surface = options.Only is null ? Surface.All : Surface.All.Only(options.Only);
        if (surface.Targets.Count == 0)
        {
            Console.Error.WriteLine($"nothing public is called {options.Only}");
            return 2;
        }

        Autograd.Warning += static _ => { };
        var judge = new Judge(surface, options.Seed);
        if (options.Describes)
        {
            for (var call = options.First; call < options.First + options.Calls; call++)
            {
                Console.WriteLine(Line(judge, surface, "call", "", call));
            }

            return 0;
        }

        using var log = new CallLog(options.Log!);
        for (var call = options.First; call < options.First + options.Calls; call++)
        {
            log.Current = call;
            foreach (var (kind, detail) in judge.Judged(call))
            {
                Console.WriteLine(Line(judge, surface, kind, detail, call));
            }

            log.Returned += judge.HasReturned ? 1 : 0;
            log.Refused += judge.Thrown is not null ? 1 : 0;
            if (options.Shows)
            {
                Console.WriteLine($"{call}: {judge.Describe(call)}");
                Console.WriteLine(judge.Thrown?.ToString() ?? "returned");
            }
        }

        log.Current = options.First + options.Calls;
        return 0;
    }

    private string Line(Judge judge, Surface surface, string kind, string detail, long call)
    {
        var made = new Generators.Case(surface, options.Seed, call);
        return new Finding(kind, made.Target.Name, detail, call, judge.Describe(call)).ToLine();
    }
}
