namespace Finance;

/// <summary>Compares results with numbers from elsewhere, and counts.</summary>
public sealed class Checks
{
    private int _passed;

    /// <summary>How many were wrong.</summary>
    public int Failed { get; private set; }

    /// <summary>Prints and counts whether something holds.</summary>
    public void That(bool holds, string what)
    {
        Console.WriteLine($"  {(holds ? "ok   " : "WRONG")} {what}");
        _passed += holds ? 1 : 0;
        Failed += holds ? 0 : 1;
    }

    /// <summary>Prints and counts whether a number is another one, up to a relative error.</summary>
    public void Near(double expected, double actual, double relative, string what)
    {
        var error = Math.Abs(actual - expected) / Math.Max(Math.Abs(expected), 1e-300);
        That(error <= relative, $"{what}: {actual:G10}, expected {expected:G10}, relative error {error:0.0e+00}");
    }

    public override string ToString() => $"{_passed} checks passed, {Failed} failed";
}
