using System.Text.Json.Nodes;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Files.Safetensors;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;
using Mammo.Tests.Scoring.Engines;

namespace Mammo.Tests.Networks.Models;

/// <summary>Several models as one, and taken apart again; what is no ensemble is refused with an id.</summary>
public sealed class EnsembleTests
{
    private static readonly string[] Expected =
        [ErrorIds.EnsembleInvalid, ErrorIds.ModelFileInvalid, ErrorIds.ModelClassMismatch, ErrorIds.ModelWeightMismatch];

    private static readonly string[] Classes = ["neg", "pos"];
    private static readonly string[] OtherClasses = ["pos", "neg"];

    [Fact]
    public void Its_file_gives_back_the_parts_bit_for_bit()
    {
        MammoModel[] models = [Model("vgg16", 1), Model("resnet50", 2)];
        var path = Path.Combine(Shared.NewFolder(), "both.safetensors");
        using var joined = Ensemble.Join(models, "both");
        ModelFiles.Export(joined, path);
        using var read = ModelFiles.Import(path).Model;
        Assert.Equal(["vgg16", "resnet50"], read.Parts.Select(part => part.Name));
        Assert.Equal(("both", models.Sum(model => model.ParameterCount)), (read.Name, read.ParameterCount));
        Assert.Equal(Classes, read.Classes);
        foreach (var (model, part) in models.Paired(Ensemble.Parts(read)))
        {
            Assert.Equal(GraphJson.Write(model.Graph), GraphJson.Write(part.Graph));
            Assert.Equal(WeightHash.Of(model.Weights), WeightHash.Of(part.Weights));
            Assert.Equal(CardJson.Write(model.Card with { WeightHash = WeightHash.Of(model.Weights) }), CardJson.Write(part.Card));
        }
    }

    [Fact]
    public void Cards_of_files_without_parts_are_those_of_one_network() => Assert.Empty(CardJson.Read("""{"classes":["neg","pos"]}""").Parts);

    [Fact]
    public void Half_precision_keeps_the_fingerprints_of_the_parts_true()
    {
        var path = Path.Combine(Shared.NewFolder(), "half.safetensors");
        using var joined = Ensemble.Join([Model("vgg16", 1), Model("vgg16", 2)], "both");
        ModelFiles.Export(joined, path, format: Mammo.Networks.Files.WeightFormat.Float16);
        using var read = ModelFiles.Import(path).Model;
        Assert.Equal(["vgg16", "vgg16_2"], read.Parts.Select(part => part.Name));
        Assert.Equal(Ensemble.Parts(read).Select(part => WeightHash.Of(part.Weights)), read.Parts.Select(part => part.WeightHash));
        Assert.NotEqual(joined.Parts[0].WeightHash, read.Parts[0].WeightHash);
    }

    [Fact]
    public void Its_card_says_what_holds_for_all_and_of_each_part_what_is_its_own()
    {
        var first = With(Model("vgg16", 1), card => card with
        {
            TrainedOn = "folds 2 and 3",
            License = "research",
            Inputs = Profile(2, 0.25),
            Measurement = new ModelMeasurement("fold 1", 66, 23, 0.7, 0.6, 0.8),
            Training = Training(3, "aaaaaaaaaa", "p1"),
        });
        var second = With(Model("vgg16", 2), card => card with
        {
            TrainedOn = "folds 1 and 3",
            License = "research",
            Inputs = Profile(6, 0.75),
            Training = Training(4, "bbbbbbbbbb", "p2"),
        });
        using var joined = Ensemble.Join([first, second], "folds", ["fold1", "fold2"]);
        Assert.Equal(("folds 2 and 3; folds 1 and 3", "research", null), (joined.Card.TrainedOn, joined.Card.License, joined.Card.Measurement));
        Assert.Equal((8, 0.625, 9.0), (joined.Card.Inputs!.Count, joined.Card.Inputs.Greys[0], joined.Card.Inputs.GreyDistance));
        Assert.Equal([3L, 4L], joined.Parts.Select(part => part.Seed));
        Assert.Equal(["aaaaaaaaaa", "bbbbbbbbbb"], joined.Parts.SelectMany(part => part.Splits));
        Assert.Equal(
            $"fold1: {first.Card.Architecture}, seed 3, split aaaaaaaa, AUC 0.700 (95% interval 0.600 to 0.800) on fold 1, 66 images, 23 positive, "
                + $"weights {WeightHash.Of(first.Weights)[..8]}",
            joined.Parts[0].ToString());
        Assert.True(TrainedPatients.In(joined.Card).SetEquals([PatientIds.Hash("p1"), PatientIds.Hash("p2")]));
        Assert.Null(Ensemble.Join([first, With(second, card => card with { License = null, Inputs = null })], "x").Card.License);
    }

    [Fact]
    public void Models_that_do_not_belong_together_are_refused()
    {
        var model = Model("vgg16", 1);
        var other = Model("vgg16", 2);
        AssertRefused(ErrorIds.EnsembleInvalid, "at least two parts", () => Ensemble.Join([model], "x"));
        AssertRefused(ErrorIds.EnsembleInvalid, "same weights", () => Ensemble.Join([model, other, model], "x"));
        AssertRefused(ErrorIds.EnsembleInvalid, "slash", () => Ensemble.Join([model, other], "x", ["a/b", "c"]));
        AssertRefused(ErrorIds.EnsembleInvalid, "two of its parts", () => Ensemble.Join([model, other], "x", ["a", "A"]));
        AssertRefused(ErrorIds.EnsembleInvalid, "1 names", () => Ensemble.Join([model, other], "x", ["a"]));
        AssertRefused(ErrorIds.ModelsDiffer, "(pos, neg)", () => Ensemble.Join([model, With(other, card => card with { Classes = [.. OtherClasses] })], "x"));
        var (far, levelled) = (With(other, card => card with { FeaturewiseMean = 53 }), With(other, card => card with { AutoLevel = true }));
        AssertRefused(ErrorIds.ModelsDiffer, "feature-wise mean (52 and 53)", () => Ensemble.Join([model, far], "x"));
        AssertRefused(ErrorIds.ModelsDiffer, "auto-level (no and yes)", () => Ensemble.Join([model, levelled], "x"));
        Differs("deviation of local contrast (none and 12)", card => card with { LocalContrast = 12 });
        Differs("rescale factor (1 and not known)", card => card with { RescaleFactor = null });
        Differs("size of the images (not known and 512x384)", card => card with { ImageSize = new ImageSize(512, 384) });
        Differs("values of DICOM files (not known and Lut)", card => card with { Voi = "Lut" });
        using var joined = Ensemble.Join([model, other], "both");
        AssertRefused(ErrorIds.ModelIsEnsemble, "ensemble of 2", () => Ensemble.Join([joined, Model("vgg16", 3)], "x"));
        AssertRefused(ErrorIds.ModelIsEnsemble, "patch classifier", () => ModelFactory.WholeImage(joined, new WholeImageOptions(), 1, out _));
        AssertRefused(ErrorIds.PartUnknown, "'c'", () => Ensemble.Part(joined, "c"));
        AssertRefused(ErrorIds.PartUnknown, "one network", () => Ensemble.Part(model, "vgg16"));
        Assert.Equal(WeightHash.Of(other.Weights), WeightHash.Of(Ensemble.Part(joined, "VGG16_2").Weights));

        void Differs(string words, Func<ModelCard, ModelCard> change) => AssertRefused(
            ErrorIds.ModelsDiffer, $"prepare images differently: {words}.", () => Ensemble.Join([model, With(other, change)], "x"));
    }

    [Fact]
    public void Inputs_of_other_names_and_layers_named_like_them_come_apart_again()
    {
        MammoModel[] models = [Named("mean", "input"), Named("image", "input"), Named("input", "mean")];
        using var joined = Ensemble.Join(models, "x", ["a", "b", "mean"]);
        foreach (var (model, part) in models.Paired(Ensemble.Parts(joined)))
        {
            Assert.Equal(Layers(model), Layers(part));
            Assert.Equal(WeightHash.Of(model.Weights), WeightHash.Of(part.Weights));
        }

        static IEnumerable<(string, LayerKind)> Layers(MammoModel model) => model.Graph.Layers.Skip(1).Select(layer => (layer.Name, layer.Kind));
    }

    [Theory]
    [InlineData("a part that the card does not name", "the mean of 3 outputs")]
    [InlineData("a part that the network has not", "'c' once")]
    [InlineData("a part named twice", "two of its parts are named 'a'")]
    [InlineData("one part", "one part")]
    [InlineData("another mean", "not the mean")]
    [InlineData("a layer of no part", "of none of its parts")]
    [InlineData("a layer that takes another part's", "of another")]
    [InlineData("the same weights twice", "the same weights")]
    [InlineData("the hash of another", "the card says")]
    [InlineData("no name", "no name or network")]
    [InlineData("an empty part", "is empty")]
    [InlineData("other classes", "classes")]
    [InlineData("weights missing", "missing")]
    public void Files_whose_parts_are_not_those_of_the_card_are_refused(string fault, string message)
    {
        var isOfThree = fault == "a part that the card does not name";
        using var joined = isOfThree
            ? Ensemble.Join([Model("vgg16", 1), Model("vgg16", 2), Model("vgg16", 3)], "x", ["a", "b", "c"])
            : Ensemble.Join([Model("vgg16", 1), Model("vgg16", 2)], "x", ["a", "b"]);
        var graph = JsonNode.Parse(GraphJson.Write(joined.Graph))!;
        var card = JsonNode.Parse(CardJson.Write(joined.Card with { WeightHash = null }))!;
        var parts = card["parts"]!.AsArray();
        var layers = graph["layers"]!.AsArray();
        var weights = new Dictionary<string, Weight>(joined.Weights, StringComparer.Ordinal);
        switch (fault)
        {
            case "a part that the card does not name":
                parts.RemoveAt(2);
                break;
            case "a part that the network has not":
                parts.Add(parts[1]!.DeepClone());
                parts[2]!["name"] = "c";
                break;
            case "a part named twice":
                parts[1]!["name"] = "a";
                break;
            case "one part":
                parts.RemoveAt(1);
                break;
            case "another mean":
                layers[^1]!["kind"] = new JsonObject { ["kind"] = "Maximum" };
                break;
            case "a layer of no part":
                Layer("a/block1_pool")["name"] = "loose";
                Layer("a/block2_conv1")["inputs"] = new JsonArray("loose");
                break;
            case "a layer that takes another part's":
                Layer("b/block2_conv1")["inputs"] = new JsonArray("a/block1_pool");
                break;
            case "the same weights twice":
                foreach (var name in weights.Keys.Where(name => name.StartsWith("b/", StringComparison.Ordinal)).ToArray())
                    weights[name] = weights["a" + name[1..]];
                parts[1]!["weight_hash"] = parts[0]!["weight_hash"]!.DeepClone();
                break;
            case "the hash of another":
                parts[1]!["weight_hash"] = parts[0]!["weight_hash"]!.DeepClone();
                break;
            case "no name":
                parts[0]!.AsObject().Remove("name");
                break;
            case "an empty part":
                parts[0] = null;
                break;
            case "other classes":
                card["classes"] = new JsonArray("a", "b", "c");
                break;
            default:
                weights.Remove(weights.Keys.First(name => name.StartsWith("b/", StringComparison.Ordinal)));
                break;
        }

        var path = Path.Combine(Shared.NewFolder(), "bad.safetensors");
        using (var stream = File.Create(path))
        {
            Dictionary<string, string> metadata =
                new() { ["mammo.format"] = "1", ["mammo.graph"] = graph.ToJsonString(), ["mammo.card"] = card.ToJsonString() };
            SafetensorsWriter.Write(stream, weights, metadata, _ => "F32");
        }

        var failure = Assert.Throws<MammoException>(() => ModelFiles.Import(path));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains(failure.ErrorId, Expected);

        JsonNode Layer(string name) => layers.Single(layer => layer!["name"]!.ToString() == name)!;
    }

    [Theory]
    [InlineData("same", "same", 2)]
    [InlineData("same", "other", 8)]
    [InlineData(null, null, 8)]
    public void Images_of_several_parts_count_once_where_they_are_known_to_be_the_same(string? first, string? second, int count)
    {
        using var joined = Ensemble.Join(
            [Trained(1, first, Profile(2, 0.25)), Trained(2, second, first is not null && first == second ? Profile(2, 0.25) : Profile(6, 0.75))], "seeds");
        Assert.Equal(count, joined.Card.Inputs!.Count);

        // A file of an earlier Mammo, whose card counted them twice.
        using var before = With(joined, card => card with { Inputs = InputProfile.Join([.. card.Parts.Select(part => part.Inputs!)]) });
        var path = Path.Combine(Shared.NewFolder(), "seeds.safetensors");
        ModelFiles.Export(before, path);
        using var read = ModelFiles.Import(path).Model;
        Assert.Equal(count, read.Card.Inputs!.Count);

        static MammoModel Trained(int seed, string? images, InputProfile profile) => With(Model("vgg16", seed), card => card with
        {
            Inputs = profile,
            Training = new JsonObject { ["identity"] = images is null ? null : new JsonObject { ["Training images"] = images } },
        });
    }

    private static MammoModel Model(string architecture, long seed) => With(
        ModelFactory.Patch(new PatchOptions { Architecture = architecture, WidthMultiplier = 1.0 / 16, Classes = [.. Classes] }, seed),
        card => card with { RescaleFactor = 1, FeaturewiseMean = 52 });

    private static MammoModel With(MammoModel model, Func<ModelCard, ModelCard> change) => model.WithCard(change(model.Card));

    private static MammoModel Named(string input, string layer)
    {
        var graph = new TestNetwork().Input(input, null, null, 1)
            .Then(layer, TestNetwork.Conv(2))
            .Then("pool", new LayerKind.GlobalAveragePooling2D())
            .Then("scores", new LayerKind.Dense(2, UseBias: true, Activation.Softmax)).Graph();
        return new MammoModel("m", graph, TestNetwork.Weights(graph, input.Length + layer.Length), new ModelCard { Channels = 1 });
    }

    private static InputProfile Profile(int count, double grey) =>
        new() { Count = count, Greys = [.. Enumerable.Repeat(grey, FilmLook.Steps)], GreyDistance = grey * 12 };

    private static JsonObject Training(int seed, string split, string patient) => new()
    {
        ["seed"] = seed,
        ["splits"] = new JsonArray(split),
        [TrainedPatients.Key] = new JsonArray(PatientIds.Hash(patient)),
    };

    private static void AssertRefused(string id, string message, Func<object> work)
    {
        var failure = Assert.Throws<MammoException>(work);
        Assert.Equal(id, failure.ErrorId);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(failure.SuggestedFix));
    }
}
