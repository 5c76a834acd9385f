namespace Adjoint.Bench;

/// <summary>
/// One piece of work that is measured: a line of the table. A class in a file of its own under <c>Rows</c>; each <see cref="RowAttribute"/>
/// makes a row of it. Its twin under <c>TorchSharpPeer/Rows</c> has the same class name and starts from the row's data.
/// </summary>
public abstract class Row
{
    /// <summary>The name on the command line, in the table and in JSON.</summary>
    public string Name { get; internal set; } = string.Empty;

    /// <summary>What is counted, such as <c>ns/op</c>: ns, us or ms, and what one of <see cref="UnitsPerCall"/> is.</summary>
    public abstract string Unit { get; }

    /// <summary>How many of them one call makes.</summary>
    public virtual int UnitsPerCall => 1;

    /// <summary>Why no peer can do this; null where one can and therefore must.</summary>
    public virtual string? Alone => null;

    /// <summary>The same work in C++; null where nobody has written it.</summary>
    /// <param name="peer">The programs.</param>
    public virtual PeerRow? InNative(NativePeer peer) => null;

    /// <summary>What is measured in fresh processes, one for each figure; null for the time of calls in this one.</summary>
    public virtual ProcessFigure? InProcess => null;

    /// <summary>
    /// Multiplications and additions of one call, for rows that arithmetic bounds: their share of the processor's peak is printed. 0 for others.
    /// </summary>
    public virtual double Flops => 0;

    /// <summary>The element type of <see cref="Flops"/>.</summary>
    public virtual DType Element => DType.Float32;

    /// <summary>The work, once.</summary>
    public abstract void Ours();

    /// <summary>What the work gives from its initial state, one array for each result;
    /// compared with the peer's, or with <see cref="Expected"/>.</summary>
    public abstract double[][] Results();

    /// <summary>The same results by another way: a closed form, or plain loops in float64; null if only a peer can tell.</summary>
    public virtual double[][]? Expected() => null;

    /// <summary>The most that <see cref="Results"/> may be from <see cref="Expected"/>, see <see cref="Comparison"/>;
    /// what float32 loses unless a row says less.</summary>
    public virtual double Tolerance => 1e-5;
}

/// <summary>A figure of a whole process.</summary>
public enum ProcessFigure
{
    /// <summary>The time from before the row is made (and the peer loaded) until its first call has ended.</summary>
    FirstCall,

    /// <summary>The most memory that was resident during a thousand calls, in MB, the runtime and all libraries included.</summary>
    PeakResident,
}

/// <summary>A row that a class makes.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RowAttribute(string name, params object[] arguments) : Attribute
{
    /// <summary>The row's name.</summary>
    public string Name { get; } = name;

    /// <summary>What the constructor of the class is called with.</summary>
    public IReadOnlyList<object> Arguments { get; } = arguments;
}

/// <summary>The work of a row, done by a peer. The constructor takes the row.</summary>
public abstract class PeerRow : IDisposable
{
    /// <summary>The work, once.</summary>
    public abstract void Run();

    /// <summary>What <see cref="Row.Results"/> should give.</summary>
    public abstract double[][] Results();

    /// <summary>Frees the peer's memory.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the peer's memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
