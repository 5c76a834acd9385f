namespace Adjoint.Tests.Printing;

/// <summary>The options themselves; the numbers are those that <c>torch.set_printoptions</c> documents.</summary>
public class PrintOptionsTests
{
    [Fact]
    public void ProfilesArePyTorchs()
    {
        Assert.Equal(
            new PrintOptions { Precision = 4, Threshold = 1000, EdgeItems = 3, LineWidth = 80, SciMode = null },
            PrintOptions.Default);
        Assert.Equal(
            new PrintOptions { Precision = 2, Threshold = 1000, EdgeItems = 2, LineWidth = 80, SciMode = null },
            PrintOptions.Short);
        Assert.Equal(
            PrintOptions.Default with { Threshold = long.MaxValue },
            PrintOptions.Full);
    }

    /// <summary>The new value equals the old one, so that tests that print meanwhile do not notice.</summary>
    [Fact]
    public void CurrentStartsAsDefaultAndCanBeAssigned()
    {
        var before = PrintOptions.Current;
        Assert.Equal(PrintOptions.Default, before);
        var other = before with { };
        try
        {
            PrintOptions.Current = other;
            Assert.Same(other, PrintOptions.Current);
            Assert.Throws<ArgumentNullException>(() => PrintOptions.Current = null!);
            Assert.Same(other, PrintOptions.Current);
        }
        finally
        {
            PrintOptions.Current = before;
        }
    }

    [Fact]
    public void ValuesThatCannotPrintAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrintOptions { Precision = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrintOptions { Precision = 1_000_000_000 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrintOptions { Threshold = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrintOptions { EdgeItems = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => PrintOptions.Default with { LineWidth = 0 });
    }

    [Fact]
    public void TheSmallestValuesAreAccepted()
    {
        var smallest = new PrintOptions { Precision = 0, Threshold = 0, EdgeItems = 1, LineWidth = 1 };
        Assert.Equal(0, smallest.Precision);
        Assert.Equal(0, smallest.Threshold);
        Assert.Equal(1, smallest.EdgeItems);
        Assert.Equal(1, smallest.LineWidth);
    }
}
