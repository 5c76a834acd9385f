using Adjoint.Interpreters;

namespace Adjoint.Tape;

/// <summary>What has happened to a stand-in of a transform, or to a tensor that was one, or cannot become one.</summary>
internal sealed class StandInLife
{
    /// <summary>How often it was changed in place while it was a stand-in.</summary>
    public int Writes { get; set; }

    /// <summary>How it shows a part of another one; null if it has values of its own.</summary>
    public StandInView? View { get; set; }

    /// <summary>Whether it has become a plain tensor.</summary>
    public bool IsSettled { get; set; }

    /// <summary>The version that its memory had then; what was saved of it before counts as of then.</summary>
    public int SettledVersion { get; set; }

    /// <summary>The batch that cannot follow changes in place of this memory, if it still runs.</summary>
    public Interpreter? Refuser { get; set; }
}
