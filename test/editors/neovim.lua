-- A person's session in Neovim: opens a file, waits for what the server says about it, asks, takes a quick fix.
-- Writes what was seen as JSON. Line and column of the cursor (from 0) are given by the test.
local out = {}
local seen = vim.fn.json_decode(vim.env.NVIM_TEST)

vim.cmd('edit ' .. vim.fn.fnameescape(seen.file))
local buffer = vim.api.nvim_get_current_buf()

local function messages()
  return vim.tbl_map(function(diagnostic)
    return diagnostic.code .. ' ' .. diagnostic.lnum .. ':' .. diagnostic.col
  end, vim.diagnostic.get(buffer))
end

local function ask(method, params)
  for _, answer in pairs(vim.lsp.buf_request_sync(buffer, method, params, 10000) or {}) do
    return answer.result or answer.error
  end
end

local function at(line, character)
  return { textDocument = vim.lsp.util.make_text_document_params(buffer), position = { line = line, character = character } }
end

vim.wait(20000, function() return #vim.diagnostic.get(buffer) > 0 end, 20)
out.diagnostics = messages()

local completion = ask('textDocument/completion', at(seen.line, seen.column)) or {}
out.completion = vim.tbl_map(function(item) return item.label end, completion.items or completion)
local hover = ask('textDocument/hover', at(seen.line, seen.column)) or {}
out.hover = hover.contents and hover.contents.value or ''
local symbols = ask('textDocument/documentSymbol', { textDocument = vim.lsp.util.make_text_document_params(buffer) }) or {}
out.symbols = vim.tbl_map(function(symbol) return symbol.name end, symbols)

local here = { line = seen.line, character = seen.column }
local actions = ask('textDocument/codeAction', {
  textDocument = vim.lsp.util.make_text_document_params(buffer),
  range = { start = here, ['end'] = here },
  context = { diagnostics = {} },
}) or {}
out.actions = vim.tbl_map(function(action) return action.title end, actions)
if actions[1] and actions[1].edit then
  vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
  vim.wait(20000, function() return #vim.diagnostic.get(buffer) == 0 end, 20)
end
out.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
out.after = messages()

vim.fn.writefile({ vim.fn.json_encode(out) }, seen.report)
vim.cmd('qall!')
