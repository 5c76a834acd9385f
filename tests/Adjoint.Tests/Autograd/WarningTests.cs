using Adjoint.Watching;

namespace Adjoint.Tests.Engine;

/// <summary>Warnings reach standard error where nobody listens, once for each place; a listener has each of them.</summary>
[Collection(Memory.Alone.Name)]
public class WarningTests
{
    private const string NotALeaf = "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. ";

    private static readonly Tensor Made = Tensor.Ones(1).RequiresGrad_() * 2;

    /// <summary>The action runs as in a program that listens to nothing; what it would write to standard error comes back.</summary>
    private static string[] Written(Action action)
    {
        using var text = new StringWriter();
        var (output, error) = (Warnings.Output, Console.Error);
        Warnings.Output = null;
        Console.SetError(text);
        try
        {
            action();
        }
        finally
        {
            Console.SetError(error);
            Warnings.Output = output;
        }

        return text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void APlaceIsNamedOnce()
    {
        var lines = Written(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                _ = Made.Grad;
            }
        });
        var line = Assert.Single(lines);
        Assert.Matches(@"WarningTests\.cs:\d+: UserWarning: ", line);
        Assert.Contains(NotALeaf, line, StringComparison.Ordinal);
    }

    [Fact]
    public void EachPlaceIsNamed()
    {
        var lines = Written(() =>
        {
            _ = Made.Grad;
            _ = Made.Grad;
            _ = Tensor.Ones(1).Std();
        });
        Assert.Equal(3, lines.Length);
        Assert.Equal(3, lines.Distinct().Count());
        Assert.Contains("std(): degrees of freedom is <= 0.", lines[2], StringComparison.Ordinal);
    }

    /// <summary>A batch that is smaller at last is no other place.</summary>
    [Fact]
    public void NumbersInAMessageDoNotMakeItNew()
    {
        var lines = Written(() =>
        {
            for (var size = 2; size < 5; size++)
            {
                _ = Transform.Vmap(x => x.Item() > 0 ? x : -x)(Tensor.Ones(size));
            }
        });
        Assert.Contains("UserWarning: vmap: the function runs once for each of 2 samples", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void AListenerHasEachAndStandardErrorNone()
    {
        List<string> heard = [];
        Autograd.Warning += heard.Add;
        try
        {
            Assert.Empty(Written(() =>
            {
                for (var i = 0; i < 3; i++)
                {
                    _ = Made.Grad;
                }
            }));
        }
        finally
        {
            Autograd.Warning -= heard.Add;
        }

        Assert.Equal(3, heard.Count);
        Assert.All(heard, message => Assert.StartsWith(NotALeaf, message, StringComparison.Ordinal));
    }
}
