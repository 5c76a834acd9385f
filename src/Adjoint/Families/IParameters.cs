namespace Adjoint.Families;

/// <summary>Several parameters in one value, such as the settings of a convolution;
/// or an operator that says itself what its parameters are.</summary>
internal interface IParameters
{
    /// <summary>The parameters in words that a user knows.</summary>
    /// <param name="name">The name of the value that they stand in; empty for an operator's own.</param>
    IEnumerable<KeyValuePair<string, object?>> List(string name);
}
