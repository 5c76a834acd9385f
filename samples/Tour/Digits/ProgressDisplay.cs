using Spectre.Console;

namespace Tour;

/// <summary>
/// Shows how far a training is: a live bar in a terminal, a line now and then when the output goes to a file.
/// </summary>
public static class ProgressDisplay
{
    private const int Lines = 10;

    /// <summary>Runs a training that reports each epoch.</summary>
    public static T Run<T>(int epochs, Func<IProgress<Epoch>, T> training)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            return training(new Report(epoch => WriteLine(epoch, epochs)));
        }

        return AnsiConsole.Progress()
            .Columns(
                new ProgressBarColumn(),
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                var bar = context.AddTask("starting", maxValue: epochs);
                return training(new Report(epoch =>
                {
                    bar.Description = Text(epoch, epochs);
                    bar.Value = epoch.Number;
                }));
            });
    }

    private static void WriteLine(Epoch epoch, int epochs)
    {
        // The first, the last, and some in between.
        var step = Math.Max(1, epochs / Lines);
        if (epoch.Number == 1 || epoch.Number == epochs || epoch.Number % step == 0)
        {
            Console.WriteLine(Text(epoch, epochs));
        }
    }

    private static string Text(Epoch epoch, int epochs) =>
        $"epoch {epoch.Number,2}/{epochs}  loss {epoch.TrainLoss:F4}  test loss {epoch.TestLoss:F4}";

    /// <summary>
    /// Reports on the training's own thread, in order; <see cref="Progress{T}"/> would post them to the pool.
    /// </summary>
    private sealed class Report(Action<Epoch> action) : IProgress<Epoch>
    {
        void IProgress<Epoch>.Report(Epoch value) => action(value);
    }
}
