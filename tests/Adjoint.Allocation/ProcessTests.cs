namespace Adjoint.Allocation;

/// <summary>Tests that measure the memory of the whole process, so that one runs at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class ProcessTests
{
    /// <summary>The collection's name.</summary>
    public const string Name = "process";
}
