using System.Text.Json;
using System.Text.Json.Nodes;
using Adjoint.Bench.Objectives;

namespace Adjoint.GradBench.Checks;

/// <summary>
/// The four evaluations that come from ADBench: against its hand-written reference where GradBench kept the definition, else against the definition
/// on plain numbers.
/// </summary>
public static class AdBenchChecks
{
    private const string Reference = "ADBench's reference";

    public static void Run(Answers answers)
    {
        Lstm(answers);
        Bundle(answers);
        SimpleHand(answers);
        Hand(answers);
        MixtureChecks.Run(answers);
    }

    private static void Lstm(Answers answers)
    {
        var network = DiagonalLstm.Read("lstm_l2_c1024.txt");
        var input = new JsonObject
        {
            ["main_params"] = Answers.Json(network.Main, 4 * network.Bits),
            ["extra_params"] = Answers.Json(network.Extra, network.Bits),
            ["state"] = Answers.Json(network.State, network.Bits),
            ["sequence"] = Answers.Json(network.Sequence, network.Bits),
        };
        answers.Near(answers.Output("lstm", "objective", input), [0.66666517955885218], 1e-12, $"lstm objective, 1,024 characters: {Reference}");
        answers.Near(
            Checksums(answers.Output("lstm", "jacobian", input)),
            [
                -0.03819500097334208, 0.55043928921686791, 0.094741380114460774, -0.0037328787748428169, 3.1438702499610119e-06,
                -0.00053973282554685106, -0.020022569089598066,
            ],
            1e-12,
            $"lstm jacobian: {Reference}");
    }

    private static void Bundle(Answers answers)
    {
        var data = BundleAdjustment.Read("ba1.txt");
        var input = new JsonObject
        {
            ["n"] = data.Cameras,
            ["m"] = data.Points,
            ["p"] = data.Observations,
            ["cam"] = Answers.Json(data.Camera),
            ["x"] = Answers.Json(data.Point),
            ["w"] = data.Weight,
            ["feat"] = Answers.Json(data.Feature),
        };
        var objective = answers.Output("ba", "objective", input);
        var errors = objective.GetProperty("reproj_error").Numbers("elements");
        var weight = objective.GetProperty("w_err").Number("element");

        // The reference's sum over all observations, which are alike.
        answers.Near([data.Observations * (errors.Sum() + weight)], [27335.96481862041], 1e-10, $"ba objective, ba1: {Reference}");
        answers.That(
            objective.GetProperty("reproj_error").Whole("repeated") == data.Observations &&
            objective.GetProperty("w_err").Whole("repeated") == data.Observations,
            "ba objective: residuals of all observations");

        var jacobian = answers.Output("ba", "jacobian", input);
        var values = jacobian.Numbers("vals");
        answers.Near([values[0], values[^1]], [-461.44632100159942, -0.834044], 1e-10, $"ba jacobian, first and last: {Reference}");

        // By central differences, through the objective of one observation.
        var names = new (string Name, int Count)[] { ("cam", 11), ("x", 3), ("w", 1) };
        var expected = new double[30];
        var place = 0;
        foreach (var (name, count) in names)
        {
            for (var i = 0; i < count; i++)
            {
                double[] Moved(double shift)
                {
                    var one = (JsonObject)input.DeepClone();
                    (one["n"], one["m"], one["p"]) = (1, 1, 1);
                    one[name] = name == "w" ? data.Weight + shift : Shifted(one[name]!.AsArray(), i, shift);
                    return answers.Output("ba", "objective", one).GetProperty("reproj_error").Numbers("elements");
                }

                const double step = 1e-4;
                var (a, b, c, d) = (Moved(-2 * step), Moved(-step), Moved(step), Moved(2 * step));
                (expected[place], expected[15 + place++]) = (Slope(0), Slope(1));
                double Slope(int row) => (a[row] - (8 * b[row]) + (8 * c[row]) - d[row]) / (12 * step);
            }
        }

        answers.Near(values[..30], expected, 1e-7, "ba jacobian, a block: central differences");
        var columns = jacobian.Wholes("cols");
        answers.That(
            columns.AsSpan(0, 15).SequenceEqual(columns.AsSpan(15, 15)) && columns[11] == 11 * data.Cameras &&
            columns[14] == (11 * data.Cameras) + (3 * data.Points) && columns[30] == columns[14] + data.Observations - 1 &&
            jacobian.Wholes("rows")[1] == 15 && jacobian.Wholes("rows")[30] == 31 * data.Observations,
            "ba jacobian: rows and columns");
    }

    private static JsonArray Shifted(JsonArray numbers, int i, double shift)
    {
        var copy = (JsonArray)numbers.DeepClone();
        copy[i] = copy[i]!.GetValue<double>() + shift;
        return copy;
    }

    private static void SimpleHand(Answers answers)
    {
        var input = HandInput("hand2_t26_c192.txt", isComplicated: false);
        answers.Near(
            [answers.Output("ht", "objective", input).EnumerateArray().Sum(e => e.GetDouble())], [-2.6921041947881292], 1e-9,
            $"ht objective, 192 points: {Reference}");
        answers.Near(
            Checksums(ByColumns(answers.Output("ht", "jacobian", input), 576, 26))[..5],
            [-565.98839403799059, 663.3308054707943, 24.115186528931993, -1.4800063471306797, -0.012666056736083273],
            1e-8,
            $"ht jacobian: {Reference}");
    }

    private static void Hand(Answers answers)
    {
        var input = HandInput("hand1_complicated_c100.txt", isComplicated: true);
        answers.Near(
            [answers.Output("ht", "objective", input).EnumerateArray().Sum(e => e.GetDouble())], [0.83779873124088866], 1e-9,
            $"ht objective, 100 points in triangles: {Reference}");
        answers.Near(
            Checksums(ByColumns(answers.Output("ht", "jacobian", input), 300, 28))[..5],
            [-309.22512167802392, 344.20646904836377, 17.383422192082111, -0.42868914708235317, 0.00033847041877424489],
            1e-8,
            $"ht jacobian: {Reference}");
    }

    /// <summary>The small model with the points of a file, in the form of the protocol.</summary>
    private static JsonObject HandInput(string file, bool isComplicated)
    {
        var numbers = AdBench.Numbers(file);
        var (count, parameters) = ((int)numbers.Dequeue(), (int)numbers.Dequeue());
        var lines = numbers.Take(4 * count).Chunk(4).ToArray();
        var places = isComplicated ? numbers.Take(2 * count) : [];
        var theta = numbers.Take(parameters);
        var model = HandModel.Read();
        return new JsonObject
        {
            ["theta"] = Answers.Json(theta),
            ["us"] = Answers.Json(places, 2),
            ["data"] = new JsonObject
            {
                ["correspondences"] = new JsonArray([.. lines.Select(line => (JsonNode)(int)line[0])]),
                ["points"] = Answers.Json([.. lines.SelectMany(line => line[1..])], 3),
                ["model"] = new JsonObject
                {
                    ["bone_count"] = model.Bones,
                    ["parents"] = new JsonArray([.. model.Parents.Select(parent => (JsonNode)parent)]),
                    ["base_relatives"] = Matrices(model.Relatives),
                    ["inverse_base_absolutes"] = Matrices(model.Inverses),
                    ["base_positions"] = Answers.Json(model.Positions, 4),
                    ["weights"] = Answers.Json(model.Weights, model.Bones),
                    ["triangles"] = new JsonArray([.. AdBench.Text("hand_triangles.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Select(line => (JsonNode)new JsonArray([.. line.Split(':').Select(corner => (JsonNode)int.Parse(corner, null))]))]),
                    ["is_mirrored"] = false,
                },
            },
        };
    }

    private static JsonArray Matrices(double[] numbers) => new([.. numbers.Chunk(16).Select(matrix => (JsonNode)Answers.Json(matrix, 4))]);

    /// <summary>The reference counts by columns.</summary>
    private static JsonElement ByColumns(JsonElement matrix, int rows, int columns)
    {
        var flat = new List<double>();
        for (var c = 0; c < columns; c++)
        {
            for (var r = 0; r < rows; r++)
            {
                flat.Add(matrix[r][c].GetDouble());
            }
        }

        return JsonSerializer.SerializeToElement(flat);
    }

    private static double[] Checksums(JsonElement gradient) =>
        [.. AdBench.Checksums(0, [.. gradient.EnumerateArray().Select(element => element.GetDouble())])[1..].Select(one => one[0])];
}
