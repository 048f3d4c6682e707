using System.Text;
using Mammo.Networks.Files.Keras;
using Mammo.Networks.Graphs;
using PureHDF;

namespace Mammo.Tests.Networks.Files.Keras;

/// <summary>Files that are damaged, cut, lying or malicious: a clear error, in bounded time and memory.</summary>
public sealed class KerasBadFileTests
{
    [Fact]
    public void A_file_that_is_not_hdf5_is_refused()
    {
        var path = Path.Combine(Shared.NewFolder(), "model.h5");
        File.WriteAllText(path, "this is not a model");
        AssertInvalid(path);
        File.WriteAllBytes(path, []);
        AssertInvalid(path);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told()
    {
        var folder = Shared.NewFolder();
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<MammoException>(() => KerasFile.Read(Path.Combine(folder, "none.h5"))).ErrorId);
        AssertInvalid(folder);
    }

    [Fact]
    public void Hdf5_without_a_network_is_refused()
    {
        var path = Path.Combine(Shared.NewFolder(), "data.h5");
        new H5File { ["values"] = new float[4] }.Write(path);
        Assert.Contains("model_config", AssertInvalid(path).Message, StringComparison.Ordinal);
        Assert.Contains("layer_names", Assert.Throws<MammoException>(() => KerasWeights.ReadLayers(path)).Message, StringComparison.Ordinal);
        var weights = new KerasBuilt().Input(2).Add("Flatten", "flatten").Write(weightsOnly: true);
        Assert.Contains("save_weights", AssertInvalid(weights).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"Model\"")]
    [InlineData("{\"class_name\":\"Model\"}")]
    [InlineData("{\"class_name\":\"Model\",\"config\":[]}")]
    [InlineData("{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":7}}")]
    [InlineData("{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":[],\"input_layers\":[],\"output_layers\":[]}}")]
    [InlineData("{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":[7],\"input_layers\":[],\"output_layers\":[]}}")]
    [InlineData("{\"class_name\":\"Sequential\",\"config\":[]}")]
    [InlineData("{\"class_name\":\"Sequential\",\"config\":[{\"class_name\":\"Flatten\",\"config\":7}]}")]
    [InlineData("{\"class_name\":\"Sequential\",\"config\":[{\"class_name\":\"Sequential\",\"config\":[]}]}")]
    [InlineData("{\"class_name\":\"Dense\",\"config\":{}}")]
    public void Descriptions_that_are_no_model_are_refused(string config)
    {
        var path = new KerasBuilt { Config = config }.Input(2).Write();
        var failure = Assert.Throws<MammoException>(() => KerasFile.Read(path));
        Assert.Contains(failure.ErrorId, new[] { ErrorIds.ModelFileInvalid, ErrorIds.ModelGraphInvalid });
    }

    [Fact]
    public void An_input_that_is_named_twice_is_refused() => AssertInvalid(new KerasBuilt
    {
        Config = """
            {"class_name":"Model","config":{"name":"m","layers":[
            {"class_name":"InputLayer","name":"i","config":{"name":"i","batch_input_shape":[null,2]},"inbound_nodes":[]},
            {"class_name":"Activation","name":"a","config":{"name":"a","activation":"relu"},"inbound_nodes":[[["i",0,0]]]}],
            "input_layers":[["i",0,0],["i",0,0]],"output_layers":[["a",0,0]]}}
            """,
    }.Input(2).Write());

    [Fact]
    public void Descriptions_that_are_absurdly_deep_are_refused()
    {
        var config = new StringBuilder();
        for (var level = 0; level < 5000; level++)
            config.Append("{\"class_name\":\"Sequential\",\"config\":[");
        AssertInvalid(new KerasBuilt { Config = config.ToString() }.Input(2).Write());
    }

    [Fact]
    public void Models_that_double_at_every_level_are_refused()
    {
        var config = """{"class_name":"Activation","name":"a","config":{"name":"a","activation":"relu"}""";
        for (var level = 0; level < 17; level++)
        {
            var inner = level == 0 ? 0 : 1;
            config = $$$"""
                {"class_name":"Model","name":"a","config":{"name":"a","layers":[
                {"class_name":"InputLayer","name":"i","config":{"name":"i","batch_input_shape":[null,2]},"inbound_nodes":[]},
                {{{config}}},"inbound_nodes":[[["i",0,0]],[["a",{{{inner}}},0]]]}],"input_layers":[["i",0,0]],"output_layers":[["a",{{{inner + 1}}},0]]}
                """;
        }

        Assert.Contains("unfold", AssertInvalid(new KerasBuilt { Config = config + "}" }.Input(2).Write()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.2.2")]
    public void Other_major_versions_of_Keras_are_refused(string version) =>
        Assert.Contains(
            version, AssertInvalid(new KerasBuilt { Version = version }.Input(2).Add("Flatten", "flatten").Write()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_network_whose_shapes_do_not_fit_is_refused()
    {
        var path = new KerasBuilt().Input(4, 4, 2).Add("MaxPooling2D", "pool", new { pool_size = 5, padding = "valid" }).Write();
        Assert.Equal(ErrorIds.ModelGraphInvalid, Assert.Throws<MammoException>(() => KerasFile.Read(path)).ErrorId);
    }

    [Fact]
    public void Lists_that_name_what_is_not_there_are_refused()
    {
        AssertInvalid(Changed(file => file.Attributes["layer_names"] = new[] { "input_1", "absent" }));
        AssertInvalid(Changed(file => file.Attributes["layer_names"] = new[] { 1, 2 }));
        AssertInvalid(Changed(file => ((H5Group)file["dense"]).Attributes["weight_names"] = new[] { "dense/absent:0" }));
        AssertInvalid(Changed(file => ((H5Group)file["dense"]).Attributes["weight_names"] = new[] { "dense" }));
        AssertInvalid(Changed(file => ((H5Group)file["dense"]).Attributes.Remove("weight_names")));

        static string Changed(Action<H5Group> change)
        {
            var dense = new H5Group { ["dense"] = new H5Group { ["kernel:0"] = new float[2, 1] } };
            dense.Attributes["weight_names"] = new[] { "dense/kernel:0" };
            var input = new H5Group();
            input.Attributes["weight_names"] = Array.Empty<double>();
            var weights = new H5Group { ["input_1"] = input, ["dense"] = dense };
            weights.Attributes["layer_names"] = new[] { "input_1", "dense" };
            change(weights);
            var file = new H5File { ["model_weights"] = weights };
            file.Attributes["model_config"] = """
                {"class_name":"Sequential","config":[{"class_name":"Dense","config":{"name":"dense","units":1,"use_bias":false,"batch_input_shape":[null,2]}}]}
                """;
            var path = Path.Combine(Shared.NewFolder(), "changed.h5");
            file.Write(path);
            return path;
        }
    }

    [Fact]
    public void Datasets_that_claim_more_than_the_file_holds_are_refused_without_allocating()
    {
        var huge = new H5Dataset<float[]>(fileDims: [1 << 16, 1 << 15], chunks: [1, 1 << 15]);
        var path = new KerasBuilt().Input(1 << 16).Add("Dense", "dense", new { units = 1 << 15, use_bias = false }, ("dense/kernel:0", huge)).Write();
        Assert.InRange(Effort.Of(() => Assert.Contains("claims", AssertInvalid(path).Message, StringComparison.Ordinal)).Allocated, 0, 50_000_000);
    }

    [Theory]
    [InlineData("nested_model")]
    [InlineData("sequential_224")]
    public void A_file_cut_short_anywhere_is_refused(string variant)
    {
        var bytes = File.ReadAllBytes(Shared.Data("oracle", "variants", variant + ".h5"));
        var path = Path.Combine(Shared.NewFolder(), "cut.h5");
        for (var length = 0; length < bytes.Length; length += 97)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Throws<MammoException>(() => KerasFile.Read(path));
        }
    }

    [Theory]
    [InlineData("nested_model", 1)]
    [InlineData("shared_layer_called_three_times", 2)]
    [InlineData("sequential_224", 3)]
    public void Flipped_bytes_give_an_error_or_a_model_but_nothing_else(string variant, int seed)
    {
        var bytes = File.ReadAllBytes(Shared.Data("oracle", "variants", variant + ".h5"));
        var structure = StructureEnd(bytes);
        var path = Path.Combine(Shared.NewFolder(), "flipped.h5");
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var flip = 0; flip <= random.Next(3); flip++)
                damaged[random.Next(round % 2 == 0 ? bytes.Length : structure)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            Exception? failure = null;
            var effort = Effort.Of(() => failure = Record.Exception(() => KerasFile.Read(path)));
            Assert.True(failure is null or MammoException, $"round {round}: {failure}");
            Assert.InRange(effort.Allocated, 0, 100_000_000);
            Assert.InRange(effort.Processor.TotalSeconds, 0, 10);
        }
    }

    [Fact]
    public void A_tree_that_is_its_own_child_does_not_overflow_the_stack()
    {
        var bytes = File.ReadAllBytes(Shared.Data("oracle", "variants", "nested_model.h5"));
        var path = Path.Combine(Shared.NewFolder(), "circle.h5");
        var failures = new List<Exception?>();
        for (var at = bytes.AsSpan().IndexOf("TREE"u8); at >= 0; at = Next(bytes, at))
        {
            // Version 1 B-tree: level at byte 5; the first child's address follows two siblings and the first key, eight bytes each.
            var damaged = (byte[])bytes.Clone();
            damaged[at + 5] = 200;
            BitConverter.TryWriteBytes(damaged.AsSpan(at + 32), (long)at);
            File.WriteAllBytes(path, damaged);
            failures.Add(Record.Exception(() => KerasFile.Read(path)));
        }

        Assert.All(failures, failure => Assert.True(failure is null or MammoException));
        Assert.Contains(failures, failure => failure?.InnerException is InsufficientExecutionStackException);

        static int Next(byte[] bytes, int at)
        {
            var found = bytes.AsSpan(at + 1).IndexOf("TREE"u8);
            return found < 0 ? -1 : at + 1 + found;
        }
    }

    [Theory]
    [InlineData("HEAP", 8)]
    [InlineData("GCOL", 24)]
    public void Sizes_in_heaps_are_checked_before_they_are_believed(string signature, int field)
    {
        var bytes = File.ReadAllBytes(Shared.Data("oracle", "variants", "nested_model.h5"));
        var path = Path.Combine(Shared.NewFolder(), "heap.h5");
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(signature));
        BitConverter.TryWriteBytes(bytes.AsSpan(at + field), 2_000_000_000L);
        File.WriteAllBytes(path, bytes);
        Assert.InRange(Effort.Of(() => Assert.IsType<InvalidDataException>(AssertInvalid(path).InnerException)).Allocated, 0, 10_000_000);
    }

    /// <summary>Half of the flips go where addresses and sizes are: around the file's structures, not into the long texts.</summary>
    private static int StructureEnd(byte[] bytes) => Math.Min(bytes.Length, 4096);

    private static MammoException AssertInvalid(string path)
    {
        var failure = Assert.Throws<MammoException>(() => KerasFile.Read(path));
        Assert.Equal(ErrorIds.ModelFileInvalid, failure.ErrorId);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
