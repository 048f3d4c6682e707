using System.Reflection;
using System.Runtime.Loader;

namespace Mammo.Loader;

/// <summary>
/// Holds Mammo's libraries and all that they depend on, so that another module in the same session may bring another version of the same library. One for the
/// process, shared by all runspaces.
/// </summary>
internal sealed class ModuleContext : AssemblyLoadContext
{
    private static readonly string Folder = Path.GetDirectoryName(typeof(ModuleContext).Assembly.Location)!;
    private static readonly Lazy<ModuleContext> Instance = new(Register);

    private ModuleContext()
        : base("Mammo")
    {
    }

    /// <summary>
    /// From here on the cmdlets, which PowerShell loads where it loads everything, find their libraries in this context. Nothing is loaded before it is asked
    /// for.
    /// </summary>
    public static void Enable() => _ = Instance.Value;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(Folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (var root in NativeFolders(unmanagedDllName))
        {
            foreach (var file in FileNames(unmanagedDllName))
            {
                var path = Path.Combine(root, file);
                if (File.Exists(path))
                    return LoadUnmanagedDllFromPath(path);
            }
        }

        return 0;
    }

    // The default context asks for every assembly that nobody has. Only our own are answered for: the libraries of others, even of the same name, are not
    // ours to give.
    private static ModuleContext Register()
    {
        var context = new ModuleContext();

        // Read by module/BuildCheck.psm1 of another copy.
        AppContext.SetData("Mammo.Module", Folder);
        Default.Resolving += (_, name) =>
            name.Name is { } simple && simple.StartsWith("Mammo.", StringComparison.Ordinal) ? context.Load(name) : null;
        return context;
    }

    // Mammo.Torch says where libtorch is before it loads it; TorchSharp's own library, which binds to any, is always the module's.
    private static IEnumerable<string> NativeFolders(string name)
    {
        if (AppContext.GetData("Mammo.Libtorch") is string libtorch && name != "LibTorchSharp")
            yield return libtorch;
        yield return Folder;
    }

    private static string[] FileNames(string name) =>
        OperatingSystem.IsWindows() ? [name, name + ".dll"] :
        OperatingSystem.IsMacOS() ? [name, "lib" + name + ".dylib"] :
        [name, "lib" + name + ".so"];
}
