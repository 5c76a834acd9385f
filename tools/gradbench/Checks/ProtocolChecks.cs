using System.Text.Json.Nodes;

namespace Adjoint.GradBench.Checks;

/// <summary>What the protocol says, and that nothing on a line ends the session.</summary>
public static class ProtocolChecks
{
    public static void Run(Answers answers)
    {
        var start = Answers.Answer("""{"id": 0, "kind": "start", "eval": "hello"}""");
        answers.That(start.GetProperty("id").GetInt32() == 0 && start.GetProperty("tool").GetString() == "adjoint", "start names the tool");
        answers.That(IsSuccess("""{"id": 1, "kind": "define", "module": "hello"}"""), "a known module is defined");
        answers.That(
            Answers.Answer("""{"id": 5, "kind": "analysis", "of": 4, "valid": true}""").GetRawText() == """{"id":5}""",
            "an analysis is acknowledged");
        answers.That(Answers.Answer("""{"id": "a", "kind": "unheard"}""").GetRawText() == """{"id":"a"}""", "a kind that nobody knows is, too");

        string[] refused =
        [
            """{"id": 1, "kind": "define", "module": "nothing"}""",
            """{"id": 1, "kind": "define"}""",
            """{"id": 1, "kind": "define", "module": null}""",
            """{"id": 1, "kind": "evaluate", "module": "hello", "function": "cube", "input": 1}""",
            """{"id": 1, "kind": "evaluate", "module": "hello", "function": "square", "input": "one"}""",
            """{"id": 1, "kind": "evaluate", "module": "hello", "function": "square"}""",
            """{"id": 1, "kind": "evaluate", "module": "hello", "function": "square", "input": 1e300}""",
            """{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": []}}""",
            """{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": [1, null]}}""",
            """{"id": 1, "kind": "evaluate", "module": "det", "function": "primal", "input": {"A": [1, 2, 3], "ell": 2}}""",
            """{"id": 1, "kind": "evaluate", "module": "kmeans", "function": "cost", "input": {"points": [[1, 2], [3]], "centroids": [[1, 2]]}}""",
            """{"id": 1, "kind": "evaluate", "module": "ba", "function": "jacobian", "input": {}}""",
            """{"id": 1}""",
        ];
        foreach (var line in refused)
        {
            var answer = Answers.Answer(line);
            answers.That(
                answer.GetProperty("id").GetInt32() == 1 && !answer.GetProperty("success").GetBoolean() &&
                answer.GetProperty("error").GetString() is not "",
                $"refused: {line}");
        }

        foreach (var line in new[] { "{", "[1, 2]", "\"text\"", "nothing" })
        {
            answers.That(!Answers.Answer(line).GetProperty("success").GetBoolean(), $"no message: {line}");
        }

        var output = new MemoryStream();
        Session.Run(new StringReader("{\n\n{\"id\": 2, \"kind\": \"start\"}\n"), output);
        answers.That(output.ToArray().Count(letter => letter == '\n') == 2, "one line for each message, none for an empty line");

        var often = new JsonObject { ["x"] = Answers.Json([1.0, 2]), ["min_runs"] = 3, ["min_seconds"] = 0 };
        var message = new JsonObject { ["id"] = 3, ["kind"] = "evaluate", ["module"] = "lse", ["function"] = "primal", ["input"] = often };
        var timings = Answers.Answer(message.ToJsonString()).GetProperty("timings");
        answers.That(
            timings.GetArrayLength() == 3 && timings[0].GetProperty("name").GetString() == "evaluate" &&
            timings[2].GetProperty("nanoseconds").GetInt64() > 0,
            "as many runs as are wanted, each with its time");
        often["min_runs"] = 1;
        often["min_seconds"] = 0.02;
        var total = Answers.Answer(message.ToJsonString()).GetProperty("timings").EnumerateArray()
            .Sum(run => run.GetProperty("nanoseconds").GetInt64());
        answers.That(total >= 20_000_000, "and for as long");
    }

    private static bool IsSuccess(string line) => Answers.Answer(line).GetProperty("success").GetBoolean();
}
