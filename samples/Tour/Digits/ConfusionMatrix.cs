using System.Text;
using Adjoint;

namespace Tour;

/// <summary>How often each digit was taken for which: rows are the truth, columns the answers.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts = new int[Digits.Classes, Digits.Classes];

    public ConfusionMatrix(Tensor truth, Tensor answers)
    {
        foreach (var (digit, answer) in truth.ToArray<int>().Zip(answers.ToArray<int>()))
        {
            _counts[digit, answer]++;
        }

        Accuracy = (truth == answers).To(DType.Float64).Mean().Item();
    }

    /// <summary>The share of right answers, from 0 to 1.</summary>
    public double Accuracy { get; }

    public override string ToString()
    {
        var text = new StringBuilder("true \\ answer");
        for (var answer = 0; answer < Digits.Classes; answer++)
        {
            text.Append($"{answer,4}");
        }

        for (var digit = 0; digit < Digits.Classes; digit++)
        {
            text.AppendLine().Append($"{digit,13}");
            for (var answer = 0; answer < Digits.Classes; answer++)
            {
                text.Append(_counts[digit, answer] is var count and > 0 ? $"{count,4}" : "   .");
            }
        }

        return text.ToString();
    }
}
