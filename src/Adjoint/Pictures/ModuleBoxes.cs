using System.Globalization;

namespace Adjoint.Pictures;

/// <summary>
/// Draws modules as boxes. An operator belongs to the module whose parameters it takes; one that takes none, to the innermost module that
/// holds those that ran before and after it. A module that runs more than once is a box for each run, and a module whose box would be part
/// of a circle is drawn operator by operator.
/// </summary>
internal static class ModuleBoxes
{
    public static DrawnGraph Collapse(DrawnGraph graph, int depth)
    {
        Limits.ThrowIfNegativeOrZero(depth, nameof(GraphOptions.ModuleDepth));
        var boxes = Runs(graph, Modules(graph, depth));
        TakeInputs(graph, boxes);
        while (Circle(graph, boxes) is { Count: > 0 } circle)
        {
            boxes = Array.ConvertAll(boxes, box => box is not null && circle.Contains(box) ? null : box);
        }

        return Merge(graph, boxes);
    }

    /// <summary>The module of each operator, as the names of parameters tell; null for leaves, and for what no module of the depth holds.</summary>
    private static string?[] Modules(DrawnGraph graph, int depth)
    {
        var modules = new string?[graph.Nodes.Count];
        foreach (var node in graph.FromInputs)
        {
            foreach (var input in graph.Inputs[node])
            {
                if (graph.Nodes[input] is { Name: { } name } leaf && IsLeaf(leaf) && name.LastIndexOf('.') is > 0 and var dot)
                {
                    modules[node] = modules[node] is { } known ? Common(known, name[..dot]) : name[..dot];
                }
            }
        }

        // A program runs a module's operators one after the other: what takes no parameters stands between two that do.
        int[] order = [.. Enumerable.Range(0, modules.Length).Where(node => !IsInput(graph.Nodes[node])).OrderBy(node => graph.Nodes[node].Order)];
        var inner = (string?[])modules.Clone();
        string? before = null;
        foreach (var node in order)
        {
            before = modules[node] ?? before;
            inner[node] = before;
        }

        string? after = null;
        foreach (var node in order.Reverse())
        {
            after = modules[node] ?? after;
            if (modules[node] is null)
            {
                var between = inner[node] is null || after is null ? string.Empty : Common(inner[node]!, after);
                inner[node] = between.Split('.').Length < depth ? null : between;
            }
        }

        return Array.ConvertAll(inner, module => string.IsNullOrEmpty(module) ? null : string.Join('.', module.Split('.').Take(depth)));
    }

    /// <summary>A box for each run of a module: what is left and entered again is another run.</summary>
    private static string?[] Runs(DrawnGraph graph, string?[] modules)
    {
        var boxes = new string?[modules.Length];
        var visits = new int[modules.Length];
        foreach (var module in modules.Distinct())
        {
            if (module is null)
            {
                continue;
            }

            foreach (var node in graph.FromInputs)
            {
                var isInside = modules[node] == module;
                visits[node] = 0;
                foreach (var input in graph.Inputs[node])
                {
                    visits[node] = Math.Max(visits[node], visits[input] + (modules[input] == module && !isInside ? 1 : 0));
                }

                if (isInside)
                {
                    boxes[node] = visits[node] == 0 ? module : string.Create(CultureInfo.InvariantCulture, $"{module} (run {visits[node] + 1})");
                }
            }
        }

        return boxes;
    }

    /// <summary>Parameters and constants that only one box uses are part of it.</summary>
    private static void TakeInputs(DrawnGraph graph, string?[] boxes)
    {
        var users = new Dictionary<int, HashSet<string?>>();
        for (var i = 0; i < boxes.Length; i++)
        {
            foreach (var input in graph.Inputs[i])
            {
                users.TryAdd(input, []);
                users[input].Add(boxes[i]);
            }
        }

        foreach (var (input, by) in users)
        {
            var node = graph.Nodes[input];
            if (by.Count == 1 && by.Single() is { } box && (node.Kind == DrawnKind.Constant || (IsLeaf(node) && node.Name?.Contains('.') == true)))
            {
                boxes[input] = box;
            }
        }
    }

    /// <summary>The boxes that lie on a circle.</summary>
    private static HashSet<string> Circle(DrawnGraph graph, string?[] boxes)
    {
        object Key(int node) => boxes[node] ?? (object)node;
        var waits = new Dictionary<object, int>();
        var users = new Dictionary<object, List<object>>();
        for (var i = 0; i < boxes.Length; i++)
        {
            waits.TryAdd(Key(i), 0);
            foreach (var input in graph.Inputs[i])
            {
                if (!Key(input).Equals(Key(i)))
                {
                    waits[Key(i)]++;
                    users.TryAdd(Key(input), []);
                    users[Key(input)].Add(Key(i));
                }
            }
        }

        var ready = new Stack<object>(waits.Where(wait => wait.Value == 0).Select(wait => wait.Key));
        while (ready.TryPop(out var key))
        {
            foreach (var user in users.GetValueOrDefault(key) ?? [])
            {
                if (--waits[user] == 0)
                {
                    ready.Push(user);
                }
            }
        }

        return [.. waits.Where(wait => wait.Value > 0).Select(wait => wait.Key).OfType<string>()];
    }

    private static DrawnGraph Merge(DrawnGraph graph, string?[] boxes)
    {
        var members = new Dictionary<string, List<int>>();
        foreach (var node in graph.FromInputs)
        {
            if (boxes[node] is { } box)
            {
                members.TryAdd(box, []);
                members[box].Add(node);
            }
        }

        return graph.Merged(boxes, box => Box(graph, box, members[box]));
    }

    private static DrawnNode Box(DrawnGraph graph, string name, List<int> members)
    {
        var operators = members.Count(node => !IsInput(graph.Nodes[node]));
        var parameters = members.Where(node => IsLeaf(graph.Nodes[node])).ToList();
        var elements = parameters.Sum(node => graph.Nodes[node].Elements);
        var last = graph.Nodes[members.FindLast(node => !IsInput(graph.Nodes[node]))];
        var result = last.Lines[1][(last.Lines[1].LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon ? colon + 2 : 0)..];
        return new DrawnNode(
            members.Contains(0) ? DrawnKind.Result : DrawnKind.Module,
            [
                name,
                result,
                $"{operators} operator{(operators == 1 ? string.Empty : "s")}",
                .. parameters.Count == 0
                    ? Array.Empty<string>()
                    : [string.Create(
                        CultureInfo.InvariantCulture,
                        $"{parameters.Count} parameter{(parameters.Count == 1 ? string.Empty : "s")}: {elements:N0}")],
            ]);
    }

    private static bool IsLeaf(DrawnNode node) => node.Kind is DrawnKind.Leaf or DrawnKind.LeafWithGrad;

    private static bool IsInput(DrawnNode node) => IsLeaf(node) || node.Kind == DrawnKind.Constant;

    /// <summary>The innermost module that holds both; empty at the top.</summary>
    private static string Common(string a, string b)
    {
        var (left, right) = (a.Split('.'), b.Split('.'));
        var same = 0;
        while (same < Math.Min(left.Length, right.Length) && left[same] == right[same])
        {
            same++;
        }

        return string.Join('.', left.Take(same));
    }
}
