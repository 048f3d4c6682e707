using Mammo.Networks.Storage;

namespace Mammo.Tests.Module;

public sealed class ModuleFolderTests
{
    private static readonly string Bin = Path.Combine(Shared.Repository, "module", "bin");

    [Fact]
    public void Only_libraries_and_models_are_in_the_module_folder()
    {
        var models = Path.Combine(Bin, "models");
        Assert.Equal([models], Directory.GetDirectories(Bin));
        Assert.Equal(ShippedModels.Names.Select(name => Path.Combine(models, name + ".safetensors")), Directory.GetFileSystemEntries(models));
        Assert.All(Directory.GetFiles(Bin), file => Assert.Matches(@"\.dll$|\.so(\.\d+)*$", file));
    }

    [Theory]
    [InlineData("System.Management.Automation.dll")]
    [InlineData("Microsoft.PowerShell.*")]
    [InlineData("Mammo.Host*")]
    [InlineData("Mammo.Tests*")]
    [InlineData("*torch_python*")]
    public void What_PowerShell_brings_and_what_nobody_needs_stays_out(string pattern) => Assert.Empty(Directory.GetFiles(Bin, pattern));
}
