using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Writes an operator down in ONNX: the names of its results; null where its parameters are others than the form is for.</summary>
internal delegate string[]? Form(FormCall call);

/// <summary>The forms of operators by name, one file for each family; what is not here is written down as what it is made of.</summary>
internal sealed class FormTable
{
    private static readonly FormTable All = Make();

    private readonly Dictionary<string, Form> _forms = new(StringComparer.Ordinal);

    /// <summary>The names of all operators with a form of their own.</summary>
    public static IEnumerable<string> Names => All._forms.Keys;

    /// <summary>The form of an operator; null if it has none of its own.</summary>
    public static Form? Find(string name) => All._forms.GetValueOrDefault(name);

    /// <summary>Adds a form of one result.</summary>
    public void Add(string name, Func<FormCall, string?> form) => _forms.Add(name, call => form(call) is { } result ? [result] : null);

    /// <summary>Adds a form of several results.</summary>
    public void AddMany(string name, Form form) => _forms.Add(name, form);

    private static FormTable Make()
    {
        var table = new FormTable();
        PointwiseForms.Add(table);
        ComparisonForms.Add(table);
        ReductionForms.Add(table);
        MovementForms.Add(table);
        PieceForms.Add(table);
        ContractionForms.Add(table);
        ConvolutionForms.Add(table);
        PoolingForms.Add(table);
        ResamplingForms.Add(table);
        NormalisationForms.Add(table);
        IndexingForms.Add(table);
        SortingForms.Add(table);
        return table;
    }
}
