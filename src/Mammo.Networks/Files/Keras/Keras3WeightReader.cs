using System.Text.RegularExpressions;
using Mammo.Networks.Graphs;
using PureHDF;

namespace Mammo.Networks.Files.Keras;

/// <summary>
/// Reads the weights of a Keras 3 store (<c>model.weights.h5</c>): under <c>layers</c> one group for each layer, named by its class and counted in the
/// model's order (<c>conv2d</c>, <c>conv2d_1</c>, ...),
/// a nested model's <c>layers</c> within its own, and in each group's <c>vars</c> the arrays <c>0</c>, <c>1</c>, ... in Keras's order within the layer. Newer
/// versions write each layer's name beside them.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="file">The store.</param>
/// <param name="graph">The network.</param>
internal sealed partial class Keras3WeightReader(string path, HdfFile file, LayerGraph graph)
{
    private const int DeepestModels = 64;

    private readonly IReadOnlyDictionary<string, TensorShape> _shapes = ShapeInference.Infer(graph);
    private readonly Dictionary<string, Weight> _weights = new(StringComparer.Ordinal);
    private readonly HashSet<int> _bits = [];

    /// <summary>The precisions in which arrays are stored, in bits.</summary>
    public IEnumerable<int> StoredBits => _bits;

    /// <summary>True for a store of Keras 3.</summary>
    public static bool IsStore(HdfFile file) => HdfFile.Group(file.Root, "layers") is not null;

    /// <summary>All weights of a network whose description gives classes and order.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelWeightMismatch"/>.</exception>
    public Dictionary<string, Weight> Read(KerasModelConfig model)
    {
        Take(model, file.Root, "");
        return Complete();
    }

    /// <summary>All weights by the layers' names in the store.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelWeightMismatch"/>, also where the store does not name its layers.</exception>
    public Dictionary<string, Weight> ReadByName()
    {
        TakeNamed(file.Root, "", 0);
        return Complete();
    }

    /// <summary>Keras's <c>to_snake_case</c>: <c>BatchNormalization</c> is <c>batch_normalization</c>, <c>Conv2D</c> <c>conv2d</c>.</summary>
    internal static string GroupName(string className) =>
        SecondPattern().Replace(FirstPattern().Replace(NoWordPattern().Replace(className, ""), "$1_$2"), "$1_$2").ToLowerInvariant();

    private void Take(KerasModelConfig model, IH5Group owner, string prefix)
    {
        var groups = HdfFile.Group(owner, "layers") ?? throw Mismatch($"it has no layers for the model '{prefix}'", prefix);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var layer in model.Layers.Where(layer => layer.ClassName.Length > 0))
        {
            var word = GroupName(layer.ClassName);
            var count = counts[word] = counts.GetValueOrDefault(word, -1) + 1;
            var name = count == 0 ? word : FormattableString.Invariant($"{word}_{count}");
            known.Add(name);
            var group = HdfFile.Group(groups, name);
            if (layer.Model is { } inner)
                Take(inner, group ?? throw Mismatch($"it has no group '{name}' for the model '{layer.Name}'", layer.Name), prefix + layer.Name + "/");
            else
                TakeLayer(group, prefix + layer.Name, layer.Name);
        }

        if (groups.Children().OfType<IH5Group>().FirstOrDefault(
            group => !known.Contains(group.Name) && Variables(group) is { } left && left.LinkExists("0")) is { } other)
            throw Mismatch($"it has weights for a layer '{other.Name}' that the network lacks", other.Name);
    }

    private void TakeNamed(IH5Group owner, string prefix, int depth)
    {
        if (depth > DeepestModels || HdfFile.Group(owner, "layers") is not { } groups)
            return;
        foreach (var group in groups.Children().OfType<IH5Group>())
        {
            var isModel = group.LinkExists("layers");
            if (!isModel && Variables(group)?.LinkExists("0") != true)
                continue;
            var name = (Variables(group) is { } variables ? file.Text(variables, "name") : null)
                ?? throw Mismatch(
                    $"its group '{group.Name}' does not give the name of its layer; give the .keras file, or the network as JSON beside it", group.Name);
            if (isModel)
                TakeNamed(group, prefix + name + "/", depth + 1);
            else
                TakeLayer(group, prefix + name, name);
        }
    }

    private void TakeLayer(IH5Group? group, string pathName, string ownName)
    {
        if (!graph.Contains(pathName))
        {
            if (group is not null && Variables(group)?.LinkExists("0") == true)
                throw Mismatch($"it has weights for a layer '{pathName}' that the network does not use", pathName);
            return;
        }

        var layer = graph[pathName];
        var plan = layer.Inputs.IsEmpty ? [] : WeightPlan.Of(layer, _shapes[layer.Inputs[0]]).ToList();
        var variables = group is null ? null : Variables(group);
        if (variables is null)
        {
            if (plan.Count > 0)
                throw Mismatch($"it has no weights for layer '{pathName}'", pathName);
            return;
        }

        if (file.Text(variables, "name") is { } written && written != ownName)
            throw Mismatch($"the weights for layer '{pathName}' are those of a layer '{written}'", pathName);

        // A Normalization layer keeps a third variable, the number of images that it has seen.
        var count = plan.Count + (layer.Kind is LayerKind.Normalization ? 1 : 0);
        var stored = 0;
        while (stored <= count && variables.LinkExists(Number(stored)))
            stored++;
        if (stored != count)
            throw Mismatch(
                $"it has {(stored > count ? "more than " + Number(count) : Number(stored))} arrays for layer '{pathName}', which needs {count}", pathName);
        for (var index = 0; index < plan.Count; index++)
            Take(layer, plan[index], file.Array(variables, Number(index)));
    }

    private void Take(Layer layer, WeightShape weight, HdfArray array)
    {
        var shape = KerasLayout.KerasShape(weight.Shape, KerasLayout.DepthMultiplier(layer.Kind, weight.Name[(weight.Name.LastIndexOf('/') + 1)..]));
        if (!array.Shape.SequenceEqual(shape))
            throw Mismatch($"'{weight.Name}' has shape ({string.Join(", ", array.Shape)}) in place of ({string.Join(", ", shape)})", layer.Name);
        if (!_weights.TryAdd(weight.Name, KerasLayout.ToCanonical(array.Read(), weight.Shape)))
            throw Mismatch($"it has weights for layer '{layer.Name}' twice", layer.Name);
        _bits.Add(array.Bits);
    }

    private static IH5Group? Variables(IH5Group group) => HdfFile.Group(group, "vars");

    private static string Number(int index) => index.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Dictionary<string, Weight> Complete() => WeightPlan.Of(graph).FirstOrDefault(weight => !_weights.ContainsKey(weight.Name)) is { } missing
        ? throw Mismatch($"it has no '{missing.Name}'", missing.Name)
        : _weights;

    private MammoException Mismatch(string why, string target) => new(
        ErrorIds.ModelWeightMismatch, $"The weights in '{path}' do not fit the network: {why}.", "Use the weights that were saved with this network.", target);

    [GeneratedRegex(@"\W+", RegexOptions.CultureInvariant)]
    private static partial Regex NoWordPattern();

    [GeneratedRegex("(.)([A-Z][a-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex FirstPattern();

    [GeneratedRegex("([a-z])([A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex SecondPattern();
}
