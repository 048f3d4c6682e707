using System.IO.Compression;
using System.Text.Json.Nodes;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using Mammo.Networks.Storage;
using Mammo.Scoring;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Files in the layouts of Keras 3: archives, stores of weights beside a network, and legacy HDF5. All hold the network whose score
/// <see cref="KerasScoresTests"/> tells.</summary>
public sealed class Keras3Tests
{
    private const double Score = 0.48586198448566403;

    [Theory]
    [InlineData("flat.keras", "3.5.0")]
    [InlineData("nested.keras", "3.0.5")]
    [InlineData("legacy3.h5", "3.5.0")]
    [InlineData("pair/model.json", "3.0 or later")]
    [InlineData("pair/model.weights.h5", "3.0 or later")]
    public void Networks_and_weights_are_read(string file, string version)
    {
        var imported = ModelFiles.Import(Shared.Data(["keras", .. file.Split('/')]));
        using var model = imported.Model;
        Assert.Equal(Score, KerasScoresTests.Score(model, EngineKind.Torch, 1.0 / 255), 2e-6);
        Assert.EndsWith("saved by Keras " + version, model.Card.Lineage[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_nested_models_have_path_names()
    {
        var file = KerasFile.Read(Shared.Data("keras", "nested.keras"));
        Assert.Equal(
            ["film", "body/conv1_conv", "body/conv1_bn", "body/conv1_relu", "avg_pool", "top_dropout", "predictions"],
            file.Graph.Layers.Select(layer => layer.Name));
        Assert.Equal(LayerRole.Top, file.Graph["predictions"].Role);
    }

    [Fact]
    public void A_store_without_a_network_takes_one_from_another_model_by_names()
    {
        using var like = ModelFiles.Import(Shared.Data("keras", "nested.keras")).Model;
        using var read = ModelFiles.ImportWeights(Shared.Data("keras", "pair", "model.weights.h5"), like).Model;
        Assert.Equal(like.Card.WeightHash, read.Card.WeightHash);
        var nameless = Path.Combine(Shared.NewFolder(), "nameless.h5");
        using (var archive = ZipFile.OpenRead(Shared.Data("keras", "nested.keras")))
            archive.GetEntry("model.weights.h5")!.ExtractToFile(nameless);
        Assert.Contains(
            "does not give the name", Assert.Throws<MammoException>(() => ModelFiles.ImportWeights(nameless, like)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_alone_say_what_they_lack()
    {
        var path = Path.Combine(Shared.NewFolder(), "alone.weights.h5");
        File.Copy(Shared.Data("keras", "pair", "model.weights.h5"), path);
        Assert.Contains("holds weights only", Assert.Throws<MammoException>(() => ModelFiles.Import(path)).Message, StringComparison.Ordinal);
        var network = Path.Combine(Shared.NewFolder(), "model.json");
        File.Copy(Shared.Data("keras", "pair", "model.json"), network);
        Assert.Contains("without weights", Assert.Throws<MammoException>(() => ModelFiles.Import(network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_of_Keras_2_is_read()
    {
        var folder = Shared.NewFolder();
        var built = new KerasBuilt().Input(2).Add("Dense", "dense", new { units = 1, use_bias = false }, ("dense/kernel:0", new float[,] { { 1 }, { 2 } }));
        built.Write(Path.Combine(folder, "weights.h5"), weightsOnly: true);
        File.WriteAllText(Path.Combine(folder, "network.json"), """
            {"class_name":"Sequential","keras_version":"2.2.4","backend":"tensorflow","config":[
            {"class_name":"Dense","config":{"name":"dense","units":1,"use_bias":false,"batch_input_shape":[null,2]}}]}
            """);
        var file = KerasFile.Read(Path.Combine(folder, "weights.h5"));
        Assert.Equal([1, 2], file.Weights["dense/kernel"].Values);
        Assert.Contains("network.json", Assert.Single(file.Notes), StringComparison.Ordinal);
        Assert.Equal("2.2.4", KerasFile.Read(Path.Combine(folder, "network.json")).KerasVersion);
    }

    [Fact]
    public void Classes_of_others_are_refused_by_name()
    {
        AssertUnsupported(layer => layer["module"] = "my_package.layers", "my_package.layers");
        AssertUnsupported(layer => layer["module"] = "keras.src.ops.numpy", "keras.src.ops.numpy");
        AssertUnsupported(layer => layer["registered_name"] = "Mine>ReLU", "Mine>ReLU");
        AssertUnsupported(layer => layer["class_name"] = "Lambda", "program code");
        AssertUnsupported(layer => layer["inbound_nodes"]![0]!["kwargs"]!["training"] = true, "training");
        AssertUnsupported(layer => layer["inbound_nodes"]![0]!["args"]!.AsArray().Add(3), "arguments");
        AssertUnsupported(layer => layer["inbound_nodes"]![0]!["args"]![0] = 3, "output of a layer");

        static void AssertUnsupported(Action<JsonNode> change, string why)
        {
            var failure = Assert.Throws<MammoException>(() => KerasFile.Read(Changed(config => change(config["config"]!["layers"]![4]!))));
            Assert.Equal((ErrorIds.ModelLayerUnsupported, "conv1_relu"), (failure.ErrorId, failure.Target));
            Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        AssertMismatch(config => config["config"]!["layers"]![2]!["config"]!["filters"] = 5);
        AssertMismatch(config => config["config"]!["layers"]![2]!["config"]!["use_bias"] = false);

        // The store says whose weights it holds.
        var renamed = Changed(config => { }, json => json.Replace("conv1_conv", "stem_conv", StringComparison.Ordinal));
        Assert.Contains("'conv1_conv'", Assert.Throws<MammoException>(() => KerasFile.Read(renamed)).Message, StringComparison.Ordinal);

        static void AssertMismatch(Action<JsonNode> change) =>
            Assert.Equal(ErrorIds.ModelWeightMismatch, Assert.Throws<MammoException>(() => KerasFile.Read(Changed(change))).ErrorId);
    }

    [Fact]
    public void Hard_sigmoid_is_another_function_than_in_Keras_2()
    {
        var file = KerasFile.Read(Changed(config => config["config"]!["layers"]![2]!["config"]!["activation"] = "hard_sigmoid"));
        Assert.Equal(Activation.HardSigmoid6, ((LayerKind.Conv2D)file.Graph["conv1_conv"].Kind).Activation);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("metadata.json")]
    [InlineData("model.weights.h5")]
    public void An_archive_without_one_of_its_parts_is_refused(string part)
    {
        var path = Copy();
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
            archive.GetEntry(part)!.Delete();
        Assert.Contains(part, AssertInvalid(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_of_another_version_is_refused()
    {
        var path = Copy();
        Replace(path, "metadata.json", "{\"keras_version\":\"2.15.0\"}");
        Assert.Contains("2.15.0", AssertInvalid(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_unpacks_to_far_more_is_refused_without_unpacking()
    {
        var path = Copy();
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            archive.GetEntry("model.weights.h5")!.Delete();
            using var bomb = archive.CreateEntry("model.weights.h5", CompressionLevel.Fastest).Open();
            for (var block = 0; block < 70; block++)
                bomb.Write(new byte[1 << 20]);
        }

        Assert.Contains("unpack", AssertInvalid(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_archive_gives_an_error_or_a_model_but_nothing_else()
    {
        var bytes = File.ReadAllBytes(Shared.Data("keras", "flat.keras"));
        var path = Path.Combine(Shared.NewFolder(), "damaged.keras");
        var random = new Random(5);
        for (var round = 0; round < 150; round++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(4, bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, round % 3 == 0 ? damaged[..random.Next(4, bytes.Length)] : damaged);
            var failure = Record.Exception(() => KerasFile.Read(path));
            Assert.True(failure is null or MammoException, $"round {round}: {failure}");
        }
    }

    [Fact]
    public void Another_zip_file_is_no_model()
    {
        var path = Path.Combine(Shared.NewFolder(), "model.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
            archive.CreateEntry("data.pkl");
        Assert.Contains("zip archive", Assert.Throws<MammoException>(() => ModelFiles.Import(path)).Message, StringComparison.Ordinal);
    }

    private static string Copy()
    {
        var path = Path.Combine(Shared.NewFolder(), "changed.keras");
        File.WriteAllBytes(path, File.ReadAllBytes(Shared.Data("keras", "flat.keras")));
        return path;
    }

    private static string Changed(Action<JsonNode> change, Func<string, string>? last = null)
    {
        var path = Copy();
        JsonNode config;
        using (var archive = ZipFile.OpenRead(path))
        using (var content = archive.GetEntry("config.json")!.Open())
            config = JsonNode.Parse(content)!;
        change(config);
        Replace(path, "config.json", (last ?? (json => json))(config.ToJsonString()));
        return path;
    }

    private static void Replace(string path, string entry, string text)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        archive.GetEntry(entry)!.Delete();
        using var writer = new StreamWriter(archive.CreateEntry(entry).Open());
        writer.Write(text);
    }

    private static MammoException AssertInvalid(string path)
    {
        var failure = Assert.Throws<MammoException>(() => ModelFiles.Import(path));
        Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        return failure;
    }
}
