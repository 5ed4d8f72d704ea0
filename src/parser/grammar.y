// The grammar. Every action is one call of the Builder; what a text means is decided there, in literal.cpp and in
// attach_point.cpp. Two tokens carry no text: RESYNC tells that the tokens of a wrong statement have been skipped
// (token_stream.cpp), EXPRESSION_BRACE is a '{' where a value is expected (lexer.cpp).
%require "3.8"
%language "c++"
%define api.namespace {sonde::parser}
%define api.parser.class {Grammar}
%define api.value.type variant
%define api.value.automove
%define api.token.constructor
%define api.token.raw
%define api.location.type {sonde::diag::Location}
%define parse.error custom
%define parse.lac full
%locations

%code requires {
#include "parser/builder.h"
#include "parser/literal.h"

namespace sonde::parser {
class TokenStream;
using AttachPoints = std::vector<ast::AttachPoint>;
using MacroParameters = std::vector<ast::MacroParameter>;
using Words = std::vector<Word>;
using Dimensions = std::vector<std::uint32_t>;
}  // namespace sonde::parser

// An empty rule lies behind the token before it.
#define YYLLOC_DEFAULT(Current, Rhs, N)                                                          \
  do {                                                                                           \
    if (N) {                                                                                     \
      (Current) = {YYRHSLOC(Rhs, 1).source, YYRHSLOC(Rhs, 1).begin, YYRHSLOC(Rhs, N).end};       \
    } else {                                                                                     \
      (Current) = {YYRHSLOC(Rhs, 0).source, YYRHSLOC(Rhs, 0).end, YYRHSLOC(Rhs, 0).end};         \
    }                                                                                            \
  } while (false)
}

%code {
#include "parser/syntax_error.h"
#include "parser/token_stream.h"

namespace sonde::parser {
using Op = ast::BinaryOp;
using Unary = ast::UnaryOp;
using Keyword = ast::TypeName::Keyword;
static Grammar::symbol_type yylex(TokenStream& stream) { return stream.next(); }
}  // namespace sonde::parser
}

%lex-param {TokenStream& stream}
%parse-param {TokenStream& stream} {Builder& builder} {diag::Emitter& emitter}

%token END 0 "the end of the script"
%token RESYNC
%token <Word> ATTACH_POINT "a probe" IDENTIFIER "a name" TYPE_NAME "a type" VARIABLE "a variable" MAP "a map"
%token <IntegerText> INTEGER "an integer"
%token <UnescapedString> STRING "a string"
%token <std::uint32_t> PARAMETER "a parameter"
%token <ast::BinaryOp> ASSIGN_OPERATOR "an assignment operator"
%token <ast::CPart> C_PART "a C definition"
%token PREDICATE_OPEN "'/'" PREDICATE_CLOSE "'/' at the end of the predicate"
%token CONFIG "'config'" IMPORT "'import'" MACRO "'macro'" LET "'let'" IF "'if'" ELSE "'else'" WHILE "'while'" FOR "'for'" UNROLL "'unroll'"
%token BREAK "'break'" CONTINUE "'continue'" RETURN "'return'" TRUE "'true'" FALSE "'false'"
%token SIZEOF "'sizeof'" TYPEOF "'typeof'" OFFSETOF "'offsetof'" STRUCT "'struct'" UNION "'union'" ENUM "'enum'"
%token LBRACE "'{'" EXPRESSION_BRACE "a block" RBRACE "'}'" LPAREN "'('" RPAREN "')'" LBRACKET "'['" RBRACKET "']'"
%token SEMICOLON "';'" COMMA "','" COLON "':'" QUESTION "'?'" DOT "'.'" ARROW "'->'" RANGE "'..'" ASSIGN "'='"
%token PLUS "'+'" MINUS "'-'" STAR "'*'" SLASH "'/' (division)" PERCENT "'%'" AMPERSAND "'&'" PIPE "'|'" CARET "'^'" TILDE "'~'"
%token NOT "'!'" SHIFT_LEFT "'<<'" SHIFT_RIGHT "'>>'" EQUAL "'=='" NOT_EQUAL "'!='" LESS "'<'" LESS_EQUAL "'<='"
%token GREATER "'>'" GREATER_EQUAL "'>='" AND "'&&'" OR "'||'" INCREMENT "'++'" DECREMENT "'--'"

%right QUESTION COLON
%left OR
%left AND
%left PIPE
%left CARET
%left AMPERSAND
%left EQUAL NOT_EQUAL
%left LESS LESS_EQUAL GREATER GREATER_EQUAL
%left SHIFT_LEFT SHIFT_RIGHT
%left PLUS MINUS
%left STAR SLASH PERCENT
%precedence WHOLE_MAP
%precedence LBRACKET

%type <AttachPoints> attach_points attach_list
%type <Expression*> predicate condition expression unary postfix primary sizeof offsetof
%type <Expressions> arguments call_arguments some_arguments
%type <Expression*> argument
%type <MacroParameters> parameters some_parameters
%type <ast::MacroParameter> parameter
%type <Statement*> statement simple if else
%type <Statements> statements
%type <ast::Block*> block
%type <ForHead> for_head
%type <std::unique_ptr<ast::TypeName>> type plain_type type_words let_type
%type <std::uint32_t> pointers dimension
%type <Dimensions> dimensions
%type <std::string> config_value
%type <Words> path
%type <Word> path_word

%start script
%%

script: items END;

items:
    %empty
  | items config
  | items map_declaration
  | items import
  | items macro
  | items C_PART              { builder.add_c_part($2); }
  | items probe
  | items block               { builder.block_without_probe(*$2); }
  | items error RESYNC        { yyerrok; }
  ;

// --- preamble ---

config: CONFIG ASSIGN LBRACE config_entries RBRACE              { builder.config_block(@1); }
      | CONFIG ASSIGN LBRACE config_entries config_entry RBRACE { builder.config_block(@1); }
      ;

config_entries:
    %empty
  | config_entries config_entry SEMICOLON
  | config_entries SEMICOLON
  | config_entries error RESYNC                  { yyerrok; }
  ;

config_entry: IDENTIFIER ASSIGN config_value     { builder.add_config(@$, $1, $3, @3); };

config_value:
    IDENTIFIER        { $$ = std::string($1.text); }
  | STRING            { $$ = $1.value; }
  | INTEGER           { $$ = fmt::format("{}", $1.value); }
  | MINUS INTEGER     { $$ = fmt::format("-{}", $2.value); }
  | TRUE              { $$ = "true"; }
  | FALSE             { $$ = "false"; }
  ;

map_declaration:
  LET MAP ASSIGN IDENTIFIER LPAREN INTEGER RPAREN SEMICOLON  { builder.add_map_declaration(@$, $2, $4, $6); }
  ;

import: IMPORT STRING SEMICOLON                  { builder.add_import(@$, $2.value, @2); };

macro:
    MACRO IDENTIFIER LPAREN parameters RPAREN LBRACE statements RBRACE
      { builder.add_macro(@$, $2, $4, Location::join(@6, @8), $7, nullptr); }
  | MACRO IDENTIFIER LPAREN parameters RPAREN LBRACE statements simple RBRACE
      { builder.add_macro(@$, $2, $4, Location::join(@6, @9), $7, $8); }
  ;

parameters:
    %empty                                       { }
  | some_parameters
  ;

some_parameters:
    parameter                                    { $$.push_back($1); }
  | some_parameters COMMA parameter              { $$ = $1; $$.push_back($3); }
  ;

parameter:
    VARIABLE                                     { $$ = builder.macro_parameter($1); }
  | MAP                                          { $$ = builder.macro_parameter($1); }
  | IDENTIFIER                                   { $$ = builder.macro_parameter($1); }
  ;

// --- probes ---

probe: attach_points predicate block             { builder.add_probe(@$, $1, $2, $3); };

attach_points:
    attach_list
  | attach_list COMMA
  | ATTACH_POINT ASSIGN attach_list              { $$ = $3; }  // The name has no use yet.
  | ATTACH_POINT ASSIGN attach_list COMMA        { $$ = $3; }
  ;

attach_list:
    ATTACH_POINT                                 { $$.push_back(builder.attach_point($1)); }
  | attach_list COMMA ATTACH_POINT               { $$ = $1; $$.push_back(builder.attach_point($3)); }
  ;

predicate:
    %empty                                       { $$ = nullptr; }
  | PREDICATE_OPEN condition PREDICATE_CLOSE     { $$ = $2; }
  | PREDICATE_OPEN error RESYNC                  { $$ = nullptr; yyerrok; }
  ;

// --- statements ---

block:
    LBRACE statements RBRACE                     { $$ = builder.block(@$, $2, nullptr); }
  | LBRACE statements simple RBRACE              { $$ = builder.block(@$, $2, $3); }
  ;

statements:
    %empty                                       { }
  | statements statement                         { $$ = $1; $$.push_back($2); }
  | statements simple SEMICOLON                  { $$ = $1; $$.push_back($2); }
  | statements SEMICOLON                         { $$ = $1; }
  | statements error RESYNC                      { $$ = $1; yyerrok; }
  ;

// Statements that end with a block, and need no ';'.
statement:
    if
  | block                                        { $$ = $1; }
  | WHILE LPAREN condition RPAREN block          { $$ = builder.while_loop(@$, $3, $5); }
  | UNROLL LPAREN expression RPAREN block        { $$ = builder.unroll(@$, $3, $5); }
  | FOR LPAREN for_head RPAREN block             { $$ = builder.for_loop(@$, $3, $5); }
  | FOR for_head block                           { $$ = builder.for_loop(@$, $2, $3); }
  ;

if: IF LPAREN condition RPAREN block else        { $$ = builder.if_statement(@$, $3, $5, $6); };

else:
    %empty                                       { $$ = nullptr; }
  | ELSE block                                   { $$ = $2; }
  | ELSE if                                      { $$ = $2; }
  ;

for_head:
    VARIABLE COLON expression RANGE expression   { $$ = ForHead{$1, $3, $5}; }
  | VARIABLE COLON expression                    { $$ = ForHead{$1, $3, nullptr}; }
  ;

condition:
    expression
  | expression ASSIGN expression                 { $$ = builder.assigning_condition(@2, $1, $3, @$); }
  ;

simple:
    expression                                   { $$ = builder.expression_statement($1); }
  | expression ASSIGN expression                 { $$ = builder.assignment(@$, $1, @2, $3); }
  | expression ASSIGN_OPERATOR expression        { $$ = builder.compound_assignment(@$, $1, $2, @2, $3); }
  | LET VARIABLE                                 { $$ = builder.declaration(@$, $2, nullptr, nullptr); }
  | LET VARIABLE ASSIGN expression               { $$ = builder.declaration(@$, $2, nullptr, $4); }
  | LET VARIABLE COLON let_type                  { $$ = builder.declaration(@$, $2, $4, nullptr); }
  | LET VARIABLE COLON let_type ASSIGN expression { $$ = builder.declaration(@$, $2, $4, $6); }
  | BREAK                                        { $$ = builder.jump(@$, ast::JumpKind::Break, nullptr); }
  | CONTINUE                                     { $$ = builder.jump(@$, ast::JumpKind::Continue, nullptr); }
  | RETURN                                       { $$ = builder.jump(@$, ast::JumpKind::Return, nullptr); }
  | RETURN expression                            { $$ = builder.jump(@$, ast::JumpKind::Return, $2); }
  ;

// --- expressions ---

expression:
    unary
  | expression QUESTION expression COLON expression  { $$ = builder.ternary(@$, $1, $3, $5); }
  | expression QUESTION COLON expression         { $$ = builder.ternary(@$, $1, nullptr, $4); }
  | expression OR expression                     { $$ = builder.binary(Op::LogicalOr, @2, $1, $3, @$); }
  | expression AND expression                    { $$ = builder.binary(Op::LogicalAnd, @2, $1, $3, @$); }
  | expression PIPE expression                   { $$ = builder.binary(Op::BitOr, @2, $1, $3, @$); }
  | expression CARET expression                  { $$ = builder.binary(Op::BitXor, @2, $1, $3, @$); }
  | expression AMPERSAND expression              { $$ = builder.binary(Op::BitAnd, @2, $1, $3, @$); }
  | expression EQUAL expression                  { $$ = builder.binary(Op::Equal, @2, $1, $3, @$); }
  | expression NOT_EQUAL expression              { $$ = builder.binary(Op::NotEqual, @2, $1, $3, @$); }
  | expression LESS expression                   { $$ = builder.binary(Op::Less, @2, $1, $3, @$); }
  | expression LESS_EQUAL expression             { $$ = builder.binary(Op::LessEqual, @2, $1, $3, @$); }
  | expression GREATER expression                { $$ = builder.binary(Op::Greater, @2, $1, $3, @$); }
  | expression GREATER_EQUAL expression          { $$ = builder.binary(Op::GreaterEqual, @2, $1, $3, @$); }
  | expression SHIFT_LEFT expression             { $$ = builder.binary(Op::ShiftLeft, @2, $1, $3, @$); }
  | expression SHIFT_RIGHT expression            { $$ = builder.binary(Op::ShiftRight, @2, $1, $3, @$); }
  | expression PLUS expression                   { $$ = builder.binary(Op::Add, @2, $1, $3, @$); }
  | expression MINUS expression                  { $$ = builder.binary(Op::Subtract, @2, $1, $3, @$); }
  | expression STAR expression                   { $$ = builder.binary(Op::Multiply, @2, $1, $3, @$); }
  | expression SLASH expression                  { $$ = builder.binary(Op::Divide, @2, $1, $3, @$); }
  | expression PERCENT expression                { $$ = builder.binary(Op::Modulo, @2, $1, $3, @$); }
  ;

unary:
    postfix
  | MINUS unary                                  { $$ = builder.unary(@$, Unary::Minus, $2); }
  | NOT unary                                    { $$ = builder.unary(@$, Unary::LogicalNot, $2); }
  | TILDE unary                                  { $$ = builder.unary(@$, Unary::BitNot, $2); }
  | STAR unary                                   { $$ = builder.unary(@$, Unary::Dereference, $2); }
  | AMPERSAND unary                              { $$ = builder.unary(@$, Unary::AddressOf, $2); }
  | INCREMENT unary                              { $$ = builder.step(@$, Unary::PreIncrement, $2); }
  | DECREMENT unary                              { $$ = builder.step(@$, Unary::PreDecrement, $2); }
  | LPAREN type RPAREN unary                     { $$ = builder.cast(@$, $2, $4); }
  ;

postfix:
    primary
  | postfix INCREMENT                            { $$ = builder.step(@$, Unary::PostIncrement, $1); }
  | postfix DECREMENT                            { $$ = builder.step(@$, Unary::PostDecrement, $1); }
  | postfix LBRACKET expression RBRACKET         { $$ = builder.index(@$, $1, $3); }
  | postfix DOT IDENTIFIER                       { $$ = builder.member(@$, $1, $3, false); }
  | postfix DOT INTEGER                          { $$ = builder.member(@$, $1, Word{$3.text, @3}, false); }
  | postfix ARROW IDENTIFIER                     { $$ = builder.member(@$, $1, $3, true); }
  ;

primary:
    INTEGER                                      { $$ = builder.integer(@$, $1); }
  | STRING                                       { $$ = builder.string(@$, std::move($1)); }
  | TRUE                                         { $$ = builder.boolean(@$, true); }
  | FALSE                                        { $$ = builder.boolean(@$, false); }
  | PARAMETER                                    { $$ = builder.parameter(@$, $1); }
  | VARIABLE                                     { $$ = builder.variable($1); }
  | MAP %prec WHOLE_MAP                          { $$ = builder.map(@$, $1, {}, @1); }
  | MAP LBRACKET some_arguments RBRACKET         { $$ = builder.map(@$, $1, $3, @3); }
  | IDENTIFIER                                   { $$ = builder.identifier($1); }
  | IDENTIFIER LPAREN arguments RPAREN           { $$ = builder.call(@$, $1, $3); }
  | LPAREN expression RPAREN                     { $$ = $2; }
  | LPAREN RPAREN                                { $$ = builder.tuple(@$, {}); }
  | LPAREN expression COMMA RPAREN               { $$ = builder.tuple(@$, {$2}); }
  | LPAREN expression COMMA some_arguments RPAREN { $$ = builder.longer_tuple(@$, $2, $4); }
  | sizeof
  | offsetof
  | EXPRESSION_BRACE statements simple RBRACE    { $$ = builder.block_expression(@$, $2, $3, @4); }
  | EXPRESSION_BRACE statements RBRACE           { $$ = builder.block_expression(@$, $2, nullptr, @3); }
  ;

arguments:
    %empty                                       { }
  | call_arguments
  ;

call_arguments:
    argument                                     { $$.push_back($1); }
  | call_arguments COMMA argument                { $$ = $1; $$.push_back($3); }
  ;

argument:
    expression
  | type                                         { $$ = builder.type_argument(@$, $1); }
  ;

some_arguments:
    expression                                   { $$.push_back($1); }
  | some_arguments COMMA expression              { $$ = $1; $$.push_back($3); }
  ;

sizeof:
    SIZEOF LPAREN type RPAREN                    { $$ = builder.size_of(@$, nullptr, $3); }
  | SIZEOF LPAREN expression RPAREN              { $$ = builder.size_of(@$, $3, nullptr); }
  ;

offsetof:
    OFFSETOF LPAREN type COMMA path RPAREN       { $$ = builder.offset_of(@$, nullptr, $3, $5); }
  | OFFSETOF LPAREN expression COMMA path RPAREN { $$ = builder.offset_of(@$, $3, nullptr, $5); }
  ;

path:
    path_word                                    { $$.push_back($1); }
  | path DOT IDENTIFIER                          { $$ = $1; $$.push_back($3); }
  | path LBRACKET INTEGER RBRACKET               { $$ = $1; $$.push_back(Word{$3.text, Location::join(@2, @4)}); }
  ;

path_word: IDENTIFIER | TYPE_NAME;

// --- types ---

type: plain_type pointers dimensions             { $$ = builder.finish_type(@$, $1, $2, $3); };

plain_type:
    type_words
  | STRUCT IDENTIFIER                            { $$ = builder.type(@$, Keyword::Struct, $2.text); }
  | UNION IDENTIFIER                             { $$ = builder.type(@$, Keyword::Union, $2.text); }
  | ENUM IDENTIFIER                              { $$ = builder.type(@$, Keyword::Enum, $2.text); }
  | TYPEOF LPAREN type RPAREN                    { $$ = $3; }
  | TYPEOF LPAREN expression RPAREN              { $$ = builder.type_of(@$, $3); }
  ;

type_words:
    TYPE_NAME                                    { $$ = builder.type(@$, Keyword::None, $1.text); }
  | type_words TYPE_NAME                         { $$ = builder.add_word($1, $2); }
  ;

// After `let $x:` any name can only be a type.
let_type:
    type
  | IDENTIFIER pointers dimensions               { $$ = builder.finish_type(@$, builder.type(@1, Keyword::None, $1.text), $2, $3); }
  ;

pointers:
    %empty                                       { $$ = 0; }
  | pointers STAR                                { $$ = $1 + 1; }
  ;

dimensions:
    %empty                                       { }
  | dimensions dimension                         { $$ = $1; $$.push_back($2); }
  ;

dimension:
    LBRACKET RBRACKET                            { $$ = 0; }
  | LBRACKET INTEGER RBRACKET                    { $$ = builder.dimension(@2, $2); }
  ;

%%

namespace sonde::parser {

void Grammar::report_syntax_error(const context& where) const { report_syntax_slip(where, stream, emitter); }

// The parser's own failures (memory); syntax errors go through report_syntax_error().
void Grammar::error(const Location& where, const std::string& text) {
  emitter.emit(diag::kinds::SyntaxError, where, text);
}

}  // namespace sonde::parser
