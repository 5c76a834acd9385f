using ScottPlot;

namespace Tour;

/// <summary>The picture of how the loss fell.</summary>
public static class LossCurve
{
    /// <summary>Draws the losses of all epochs; returns a PNG.</summary>
    public static byte[] Draw(IReadOnlyList<Epoch> history)
    {
        using var plot = new Plot();
        double[] epochs = [.. history.Select(epoch => (double)epoch.Number)];
        Line("training", history.Select(epoch => epoch.TrainLoss));
        Line("test", history.Select(epoch => epoch.TestLoss));
        if (OperatingSystem.IsLinux())
        {
            // What ScottPlot looks for is rarely installed there, and what it takes instead has serifs.
            plot.Font.Set("DejaVu Sans");
        }

        plot.Title("Handwritten digits");
        plot.XLabel("epoch");
        plot.YLabel("cross-entropy");
        plot.ShowLegend(Alignment.UpperRight);
        return plot.GetImageBytes(800, 500, ImageFormat.Png);

        void Line(string name, IEnumerable<double> losses)
        {
            var line = plot.Add.ScatterLine(epochs, [.. losses]);
            line.LegendText = name;
            line.LineWidth = 2;
        }
    }
}
