using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>
/// Where the outputs of operations lie: side by side where they are concatenated, and in the place of an input where that is not needed afterwards.
/// </summary>
internal sealed class MapLayout
{
    private readonly ImmutableArray<Operation> _operations;
    private readonly IReadOnlyDictionary<string, TensorShape> _shapes;
    private readonly Dictionary<string, Operation> _byName;
    private readonly ILookup<string, int> _readers;
    private readonly Dictionary<string, FeatureMap> _maps = new(StringComparer.Ordinal);

    /// <summary>Decides for all operations.</summary>
    /// <param name="operations">The operations in order.</param>
    /// <param name="shapes">Shapes of their outputs.</param>
    /// <param name="output">The network's output.</param>
    public MapLayout(ImmutableArray<Operation> operations, IReadOnlyDictionary<string, TensorShape> shapes, string output)
    {
        (_operations, _shapes) = (operations, shapes);
        _byName = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
        _readers = operations.SelectMany((operation, index) => operation.AllInputs.Select(input => (Input: input, Index: index)))
            .Append((output, operations.Length))
            .ToLookup(read => read.Item1, read => read.Item2, StringComparer.Ordinal);
        for (var index = operations.Length - 1; index >= 0; index--)
        {
            if (!IsReshaped(operations[index]))
                Decide(operations[index], index);
        }

        foreach (var operation in operations.Where(IsReshaped))
            _maps[operation.Name] = Shaped(_maps[operation.Inputs[0]], shapes[operation.Name]);
    }

    /// <summary>Where an operation's output lies.</summary>
    public FeatureMap this[string operation] => _maps[operation];

    /// <summary>A concatenation of channels: the only one whose inputs can lie side by side.</summary>
    public static bool JoinsChannels(LayerKind kind, TensorShape shape) =>
        kind is LayerKind.Concatenate { Axis: var axis } && (axis == -1 || axis == shape.Rank);

    /// <summary>Sizes of a map that holds a shape: planes as they are, others as a row.</summary>
    public static (int Rows, int Columns, int Channels) Sizes(TensorShape shape)
    {
        var channels = shape.Channels!.Value;
        return shape.Rank == 3 ? (shape.Sizes[0]!.Value, shape.Sizes[1]!.Value, channels) : (1, checked((int)(shape.Elements!.Value / channels)), channels);
    }

    private static bool IsReshaped(Operation operation) => operation.Kind is LayerKind.Flatten or LayerKind.Reshape;

    private static FeatureMap Shaped(FeatureMap map, TensorShape shape)
    {
        var (rows, columns, channels) = Sizes(shape);
        return map.Shaped(rows, columns, channels);
    }

    private void Decide(Operation operation, int index)
    {
        if (!_maps.TryGetValue(operation.Name, out var map))
        {
            var (rows, columns, channels) = Sizes(_shapes[operation.Name]);
            _maps[operation.Name] = map = FeatureMap.New(rows, columns, channels);
        }

        if (JoinsChannels(operation.Kind, _shapes[operation.Name]))
        {
            var first = 0;
            foreach (var input in operation.Inputs)
            {
                var channels = _shapes[input].Channels!.Value;
                if (CanMove(input, index, needsToEnd: false))
                    _maps[input] = map.Part(first, channels);
                first += channels;
            }
        }
        else if (Replaced(operation) is { } input && CanMove(input, index, needsToEnd: true))
        {
            _maps[input] = map.Again();
        }
    }

    /// <summary>The input in whose place the output can be written, value by value.</summary>
    private static string? Replaced(Operation operation) => operation.Kind switch
    {
        LayerKind.Conv2D or LayerKind.Dense => operation.Added is { } added && !operation.Inputs.Contains(added) ? added : null,
        LayerKind.Activate or LayerKind.LeakyRelu or LayerKind.BatchNormalization or LayerKind.Rescaling or LayerKind.Add or LayerKind.Average
            or LayerKind.Maximum or LayerKind.Multiply or LayerKind.Dropout => operation.Inputs[0],
        _ => null,
    };

    /// <summary>An output can lie where a reader of it wants it: no other place is decided, and all readers take parts of pixels.</summary>
    private bool CanMove(string name, int reader, bool needsToEnd)
    {
        var operation = _byName[name];
        if (_maps.ContainsKey(name) || operation.Kind is LayerKind.Input or LayerKind.Permute || IsReshaped(operation)
            || (operation.Kind is LayerKind.Concatenate && !JoinsChannels(operation.Kind, _shapes[name])))
            return false;
        var readers = _readers[name].ToArray();
        return readers.Count(index => index == reader) == 1
            && readers.All(index => index < _operations.Length && (index <= reader || !needsToEnd) && TakesParts(_operations[index]));
    }

    private bool TakesParts(Operation operation) =>
        !IsReshaped(operation) && operation.Kind is not LayerKind.Permute
            && (operation.Kind is not LayerKind.Concatenate || JoinsChannels(operation.Kind, _shapes[operation.Name]));
}
