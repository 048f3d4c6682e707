using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;
using Mammo.Networks.Storage;
using Mammo.Tests.Networks.Files.Keras;

namespace Mammo.Tests.Networks.Storage;

/// <summary>Cards of models read from Keras files.</summary>
public sealed class KerasImportTests
{
    [Theory]
    [InlineData("vgg16_patch_d16", "vgg16 (other widths)")]
    [InlineData("vgg19_patch_d16", "vgg19 (other widths)")]
    [InlineData("resnet50_patch", "resnet50 (other widths)")]
    [InlineData("xception_patch_d16", "xception (other widths)")]
    [InlineData("inception_patch_d16", "inception_v3 (other widths)")]
    [InlineData("yaroslav_patch", "yaroslav (other widths)")]
    [InlineData("vgg16_whole_hybrid_reps22", "vgg16 (other widths) + [24-24-48]x2")]
    [InlineData("vgg16_whole_hybrid", "vgg16 (other widths) + [64-64-128]x1")]
    [InlineData("resnet50_whole_resx2", "resnet50 (other widths) + [32-32-64]x1")]
    [InlineData("vgg16_whole_vgg32x1_d16", "vgg16 (other widths) + 32x1 in one group")]
    [InlineData("vgg16_whole_heatmap", "vgg16 (other widths) + heatmap-[16-16-64]x1 in one group")]
    [InlineData("vgg16_whole_heatmap_fc", "vgg16 (other widths) + heatmap-fc32-16")]
    [InlineData("vgg16_whole_heatmap_fc_shortcut", "vgg16 (other widths) + heatmap-fc16-shortcut")]
    public void Architectures_are_recognised(string model, string architecture) =>
        Assert.Equal(architecture, ModelFiles.Import(KerasFileTests.ModelPath(model)).Model.Card.Architecture);

    [Fact]
    public void Architectures_that_are_built_here_are_recognised()
    {
        foreach (var architecture in ArchitectureCatalog.All)
        {
            var patch = PatchNetwork.Build(new PatchOptions { Architecture = architecture.Name });
            Assert.Equal(architecture.Name, ArchitectureRecognition.NameOf(patch));
            foreach (var recipe in HeadRecipe.All)
            {
                var options = recipe.Apply(new WholeImageOptions());
                Assert.Equal($"{architecture.Name} + {recipe.Name}", ArchitectureRecognition.NameOf(WholeImageNetwork.Build(patch, null, options).Graph));
            }
        }
    }

    [Fact]
    public void Networks_that_are_none_of_ours_have_no_name() =>
        Assert.Null(ModelFiles.Import(Shared.Data("oracle", "variants", "nested_model.h5")).Model.Card.Architecture);

    [Fact]
    public void The_card_says_what_the_file_says()
    {
        var card = ModelFiles.Import(Shared.Data("oracle", "models", "yaroslav_whole_vgg.h5")).Model.Card;
        Assert.Equal((new ImageSize(288, 224), 1), (card.ImageSize, card.Channels));
        Assert.Equal("read from yaroslav_whole_vgg.h5: network 'model_2' saved by Keras 2.0.8", Assert.Single(card.Lineage));
        Assert.Empty(card.Classes);
        Assert.Null(card.RescaleFactor);
        Assert.Equal(64, card.WeightHash!.Length);
        Assert.Null(ModelFiles.Import(Shared.Data("oracle", "models", "yaroslav_patch.h5")).Model.Card.ImageSize);
    }

    [Fact]
    public void Five_patch_outputs_get_their_classes_with_a_note()
    {
        var imported = ModelFiles.Import(Shared.Data("oracle", "models", "yaroslav_patch.h5"));
        Assert.Equal(["background", "calc_ben", "calc_mal", "mass_ben", "mass_mal"], imported.Model.Card.Classes);
        Assert.Contains("from memory", Assert.Single(imported.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ddsm_vgg16_s10_[512-512-1024]x2_hybrid.h5", 52.18)]
    [InlineData("DDSM_yaroslavnet_S10.h5", 52.18)]
    [InlineData("inbreast_vgg16_512x1.h5", 44.33)]
    public void A_published_name_fills_the_card_with_a_note(string name, double mean)
    {
        var path = Path.Combine(Shared.NewFolder(), name);
        new KerasBuilt().Input(1152, 896, 3).Add("GlobalAveragePooling2D", "pool")
            .Add("Dense", "dense", new { units = 2, use_bias = false }, ("dense/kernel:0", new float[3, 2])).Write(path);
        var imported = ModelFiles.Import(path);
        var card = imported.Model.Card;
        Assert.Equal(["neg", "pos"], card.Classes);
        Assert.Equal((new ImageSize(1152, 896), 0.003891, mean), (card.ImageSize, card.RescaleFactor, card.FeaturewiseMean));
        Assert.Null(card.License);
        Assert.Contains("end2end-all-conv", Assert.Single(imported.Notes), StringComparison.Ordinal);
        Assert.Equal(2, card.Lineage.Length);
    }

    [Fact]
    public void A_published_name_on_another_network_fills_nothing()
    {
        var path = Path.Combine(Shared.NewFolder(), "ddsm_YaroslavNet_s10.h5");
        File.Copy(Shared.Data("oracle", "models", "yaroslav_whole_vgg.h5"), path);
        var imported = ModelFiles.Import(path);
        Assert.Null(imported.Model.Card.FeaturewiseMean);
        Assert.Contains("not filled in", Assert.Single(imported.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("resnet50_patch_d16_dropout", "avg_pool,dense_1,dropout_1,global_average_pooling2d_1", "", "")]
    [InlineData("yaroslav_patch", "global_average_pooling2d_1,predictions", "", "")]
    [InlineData(
        "vgg16_whole_heatmap_fc_shortcut", "", "average_pooling2d_1,dense_1,dropout_1,max_pooling2d_1",
        "activation_1,activation_2,add_1,batch_normalization_1,dense_2,dense_3,dense_4,dropout_2,dropout_3,flatten_1")]
    public void Roles_are_found_by_structure(string model, string patchHead, string heatmap, string top)
    {
        var graph = ModelFiles.Import(KerasFileTests.ModelPath(model)).Model.Graph;
        Assert.Equal((patchHead, heatmap, top), (Names(LayerRole.PatchHead), Names(LayerRole.Heatmap), Names(LayerRole.Top)));

        string Names(LayerRole role) =>
            string.Join(',', graph.Layers.Where(layer => layer.Role == role).Select(layer => layer.Name).Order(StringComparer.Ordinal));
    }
}
