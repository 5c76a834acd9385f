using Adjoint;
using Adjoint.NN;
using nietras.SeparatedValues;

namespace TrainingService;

/// <summary>The data: rows of numbers, each with a class.</summary>
public static class Table
{
    public static TensorDataset Read(string path)
    {
        using var reader = Sep.New(',').Reader().FromFile(path);
        var features = reader.Header.ColNames.Count - 1;
        var (numbers, classes) = (new List<float>(), new List<long>());
        foreach (var row in reader)
        {
            numbers.AddRange(row[..features].Parse<float>());
            classes.Add(row[features].Parse<long>());
        }

        return Dataset.Of(Tensor.FromArray([.. numbers], classes.Count, features), Tensor.FromArray([.. classes]));
    }
}
